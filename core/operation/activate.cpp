// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/verbs.hpp"

#include "core/operation/attempt.hpp"
#include "core/operation/auto_resize.hpp"
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/home_mount.hpp"
#include "core/operation/password_change.hpp"
#include "core/operation/record_files.hpp"

namespace hearth::operation {

namespace {

/// A convenience of the next start, which may not keep anybody out.
Result<void> keep_records_in_step(Operation& op, HomeAccess& home) {
    bind_files(op, home.record());
    settle_files(op, home.record(), home.root_fd(), home.records_differed());
    if (!home.embedded_is_stale()) return ok();
    if (auto written = home.write_embedded(); !written) {
        op.warn("The record inside the home could not be brought up to date.", written.error());
    }
    return ok();
}

/// Opening an encrypted home has said it already.
Result<void> announce(Operation& op, HomeAccess& home) {
    return op.journal().is_open() ? ok() : write_intent_or_warn(op, home.storage_name());
}

Result<void> make_mount(Operation& op, HomeAccess& home, UniqueFd& mount) {
    HEARTH_TRY(made, make_home_mount(op, home.root(), home.record()));
    mount = std::move(made);
    return ok();
}

/// Whoever wants an open home has one already: closing it first would be bad advice.
Result<void> require_inactive(HomeAccess& home) {
    auto inactive = home.require_inactive();
    if (inactive || inactive.error().code() != Code::home_active) return inactive;
    return std::move(inactive).error().hint("There is nothing to do.");
}

}  // namespace

Result<record::UserRecord> activate(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    Attempt attempt(op, host_record);
    HomeAccess home(op, std::move(host_record));
    UniqueFd mount;
    HEARTH_CHECK(op.run({
        {"looking whether the home is free", [&] { return require_inactive(home); }},
        {"counting the attempt", [&] { return attempt.begin(); }},
        {"opening the medium", [&] { return attempt.watch(home.open()); },
         [&] { home.roll_back(); }},
        {"reading the record in it", [&] { return home.reconcile(record::ReconcileMode::any); }},
        {"checking the password",
         [&] { return attempt.settle(home.record(), authenticate(op, home.record())); }},
        {"writing the journal", [&] { return announce(op, home); }},
        {"bringing the records together", [&] { return keep_records_in_step(op, home); }},
        {"giving the home its size",
         [&] {
             grow_at_activation(op, home);
             return ok();
         }},
        {"making the mount", [&] { return make_mount(op, home, mount); }, [&] { mount.reset(); }},
        {"putting the home in its place",
         [&] { return attach_home_mount(op, mount.get(), home.record()); },
         {},
         true},
        {"leaving the medium open",
         [&] {
             mount.reset();
             return home.close(HEARTH_CLOSE_KEEP_ACTIVE);
         }},
        {"writing the record", [&] { return save_or_warn(op, home.record()); }},
    }));
    tell_password_age(op, home.effective());
    return std::move(home.record());
}

}  // namespace hearth::operation
