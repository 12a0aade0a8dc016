// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/attempt.hpp"
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

namespace {

/// The medium says so, not the mount: that may be gone while the key is still to come back.
Result<void> require_locked(HomeAccess& home) {
    HEARTH_TRY(storage, home.provider());
    HEARTH_TRY(state, storage->state(home.view()));
    if (state == plugin::MediumState::locked) return ok();
    return Error(Code::home_not_locked, "home-not-locked",
                 "The home of " + home.record().user_name() + " is not locked.");
}

Result<void> require_lockable_and_locked(HomeAccess& home) {
    HEARTH_CHECK(home.require_lockable("unlocked"));
    return require_locked(home);
}

Result<void> unlock_medium(Operation& op, HomeAccess& home) {
    HEARTH_TRY(storage, home.provider());
    auto unlocked = storage->unlock(home.view());
    if (!unlocked && unlocked.error().code() == Code::bad_secret) return refusal(op, home.record());
    if (unlocked) restore_sleep_or_warn(op);
    return unlocked;
}

}  // namespace

Result<record::UserRecord> unlock(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    Attempt attempt(op, host_record);
    HomeAccess home(op, std::move(host_record));
    HEARTH_CHECK(op.run({
        {"looking whether the home is locked", [&] { return require_lockable_and_locked(home); }},
        {"counting the attempt", [&] { return attempt.begin(); }},
        {"checking the password",
         [&] { return attempt.settle(home.record(), authenticate(op, home.record())); }},
        {"writing the journal", [&] { return write_intent_if_none(op, home.storage_name()); }},
        {"bringing its key back", [&] { return attempt.watch(unlock_medium(op, home)); }, {}, true},
        {"writing the record", [&] { return save_or_warn(op, home.record()); }},
    }));
    return std::move(home.record());
}

}  // namespace hearth::operation
