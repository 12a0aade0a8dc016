// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/attempt.hpp"
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/password_change.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

namespace {

Result<record::UserRecord> open_and_close(Operation& op, HomeAccess& home, Attempt& attempt) {
    HEARTH_CHECK(op.run({
        {"counting the attempt", [&] { return attempt.begin(); }},
        {"opening the medium", [&] { return attempt.watch(home.open()); },
         [&] { home.roll_back(); }},
        {"reading the record in it", [&] { return home.reconcile(record::ReconcileMode::any); }},
        {"checking the password",
         [&] { return attempt.settle(home.record(), authenticate(op, home.record())); }},
        {"closing the medium", [&] { return home.close(HEARTH_CLOSE_ROLLBACK); }},
        {"writing the record", [&] { return save_or_warn(op, home.record()); }},
    }));
    tell_password_age(op, home.effective());
    return std::move(home.record());
}

}  // namespace

Result<record::UserRecord> authenticate_home(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    Attempt attempt(op, host_record);
    HomeAccess home(op, std::move(host_record));
    return open_and_close(op, home, attempt);
}

/// Opening it is what repairs it: the medium knows from the verb that it may.
Result<record::UserRecord> repair(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    Attempt attempt(op, host_record);
    HomeAccess home(op, std::move(host_record));
    HEARTH_CHECK(home.require_inactive());
    return open_and_close(op, home, attempt);
}

}  // namespace hearth::operation
