// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/result.hpp"
#include "core/record/key_store.hpp"

// Private to core/record: the files behind KeyStore.

namespace hearth::record {

/// The first local.private in the folders; nothing if there is none.
Result<std::optional<SigningKey>> load_private_key(const std::vector<std::string>& dirs,
                                                   uid_t owner);

/// Every usable *.public but local.public, each name from the first folder that has it.
std::vector<TrustedKey> load_public_keys(const std::vector<std::string>& dirs, uid_t owner,
                                         std::vector<Error>& warnings);

/// Writes a new public key; one of that name that is there already stays (public-key-exists).
/// Errors: signing-key-write.
Result<void> store_public_key(const std::string& dir, const std::string& name,
                              const PublicKey& key);
/// False: there is none of that name in this folder. Errors: file-*.
Result<bool> remove_public_key(const std::string& dir, const std::string& name);

/// Makes local.private and local.public in `dir`, or loads the pair that somebody else made in the
/// meantime.
Result<SigningKey> create_key_pair(const std::string& dir, uid_t owner);

}  // namespace hearth::record
