// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"
#include "core/plugin/session.hpp"

namespace hearth::operation {

/// Does one of the caller's secrets open this record? One key derivation per pair and operation,
/// however often it is asked. Errors: bad-secret, password-needed (none was given),
/// no-authentication (the record has no way in).
Result<void> authenticate(Operation& op, const record::UserRecord& record);

/// Why the caller's secrets do not open this home: bad-secret, bad-recovery-key, or password-needed
/// (none was given).
Error refusal(Operation& op, const record::UserRecord& record);

/// Checks the new passwords against the policy that the record asks for, and puts their hashes in
/// the place of the old ones. Errors: password-too-weak and the other ids of quality.hpp,
/// password-missing, password-unusable.
Result<void> set_new_passwords(Operation& op, record::UserRecord& record);

/// For a record that comes with its hashes: checks those of the caller's passwords that it has been
/// made with against its policy. Errors: as set_new_passwords().
Result<void> check_given_passwords(Operation& op, const record::UserRecord& record);

/// Brings recovery keys into the one form that opens a medium, also those that were typed where a
/// password is asked for.
void normalize_recovery_keys(secret::Secrets& secrets);

/// Every way into the record that a medium has a key for, together with the secret that opens it,
/// as storage plugins take them. A recovery key that is not at hand comes without its secret: what
/// opens the medium with it has to stay. Errors: bad-secret (for one of the password hashes no
/// secret fits).
Result<std::vector<plugin::Credential>> credentials_for(Operation& op,
                                                        const record::UserRecord& record);

}  // namespace hearth::operation
