// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"
#include "core/record/effective.hpp"
#include "core/record/user_record.hpp"

namespace hearth::operation {

/// Do the record's rules let the password be changed now? Not before its least age, and not once it
/// has been expired for so long that the account is dead; one that has to be changed may be.
/// Errors: password-too-young, password-too-old.
Result<void> check_may_change_password(const record::Effective& record, std::uint64_t now_usec);

/// Whoever has just opened the home is told that its password has expired, or will before long. It
/// opens all the same: what follows from that is up to whoever lets people in.
void tell_password_age(Operation& op, const record::Effective& record);

/// The password has been changed: takes passwordChangeNow out of every place that it can be set in,
/// and sets the time.
Result<void> note_changed_password(record::UserRecord& record, std::uint64_t now_usec);

}  // namespace hearth::operation
