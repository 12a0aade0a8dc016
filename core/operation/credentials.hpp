// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"
#include "core/plugin/session.hpp"

namespace hearth::operation {

/// Does one of the caller's secrets open this record, or else one of its tokens? One key derivation
/// per pair and operation, however often it is asked. Errors: bad-secret, password-needed (none was
/// given), no-authentication (the record has no way in), those of tokens.
Result<void> authenticate(Operation& op, const record::UserRecord& record);

/// Before a medium is opened: asks the record's tokens, if none of the caller's secrets opens the
/// record. Without any secret then, it is refused here. Errors: those of authenticate().
Result<void> ask_tokens(Operation& op, const record::UserRecord& record);

/// Why the caller's secrets do not open this home: what a token wants, bad-password-and-no-token,
/// bad-secret, bad-recovery-key, or password-needed (none was given).
Error refusal(Operation& op, const record::UserRecord& record);

/// Checks the new passwords against the policy that the record asks for, and puts their hashes in
/// the place of the old ones. Errors: password-too-weak and the other ids of quality.hpp,
/// password-missing, password-unusable.
Result<void> set_new_passwords(Operation& op, record::UserRecord& record);

/// For a new record that comes with its hashes: what was given beside it has to open it, so that
/// nobody makes a home that they cannot open; nothing need be given. Errors: as authenticate().
Result<void> check_hashes(Operation& op, const record::UserRecord& record);

/// For a record that comes with its hashes: checks those of the caller's passwords that it has been
/// made with against its policy. Errors: as set_new_passwords().
Result<void> check_given_passwords(Operation& op, const record::UserRecord& record);

/// Gives those entries for tokens and recovery keys that have no hash yet the ones of the request's
/// new keys, in the order in which they stand in the record, and keeps the keys as secrets. Errors:
/// new-keys-mismatch (there are more or fewer keys than such entries).
Result<void> hash_new_keys(Operation& op, record::UserRecord& record);

/// Brings recovery keys into the one form that opens a medium, also those that were typed where a
/// password is asked for.
void normalize_recovery_keys(secret::Secrets& secrets);

/// The hashes of all ways into the record.
std::set<std::string> key_hashes(const record::UserRecord& record);

/// Every way into the record that a medium has a key for, together with the secret that opens it,
/// as storage plugins take them. Those whose secret is not at hand come without it: what opens the
/// medium with them has to stay.
std::vector<plugin::Credential> credentials_for(Operation& op, const record::UserRecord& record);

/// The same for a new medium, in which there is nothing to stay: tokens are asked for what is not
/// at hand. Errors: bad-secret, bad-recovery-key, those of tokens.
Result<std::vector<plugin::Credential>> all_credentials_for(Operation& op,
                                                            const record::UserRecord& record);

}  // namespace hearth::operation
