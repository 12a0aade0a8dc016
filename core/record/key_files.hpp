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

/// Makes local.private and local.public in `dir`, or loads the pair that somebody else made in the
/// meantime.
Result<SigningKey> create_key_pair(const std::string& dir, uid_t owner);

}  // namespace hearth::record
