// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/plugin/manifest.hpp"
#include "core/record/user_record.hpp"
#include "core/secret/secret.hpp"
#include "hosts/homectl/options/token_changes.hpp"

namespace hearth::homectl {

/// The secret of an entry that has no hash yet, and the list in the privileged section that the
/// entry was added to.
struct NewKey {
    std::string field;
    secret::Secret secret;
};

/// The tokens of a record, as people name them: "fido2:1" and the name that the record shows.
struct ListedToken {
    std::string name;
    std::string label;
};
[[nodiscard]] std::vector<ListedToken> tokens_of(const record::UserRecord& record);

/// Takes tokens and recovery keys out of a record that the command line wants out. Errors:
/// auth-unknown, token-unknown.
Result<void> remove_entries(record::UserRecord& record, const TokenChanges& changes);

/// Adds what a plugin made of a new token. Errors: plugin-contract (it is no entry).
Result<void> add_entry(record::UserRecord& record, const plugin::AuthManifest& kind,
                       const std::string& entry);

/// Adds a recovery key that has no hash yet.
void add_recovery_entry(record::UserRecord& record);

/// In the order in which the entries without a hash stand in a record: how requests carry them.
void sort_as_in_record(std::vector<NewKey>& keys);

}  // namespace hearth::homectl
