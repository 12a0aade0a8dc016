// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/replace_record.hpp"

#include "core/operation/attempt.hpp"
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/system/clock.hpp"

namespace hearth::operation {

namespace {

/// The host's record is written, so the change holds; what is left is done now, or by recovery at
/// the next start.
void finish_copies(Operation& op, HomeAccess& home, MediumChange& medium) {
    auto written = home.write_embedded(system::Durability::whole);
    auto finished = written ? medium.finish(home, true) : std::move(written);
    if (finished) return;
    op.leave_journal();
    op.warn(
        "The copy of the record inside the home is not up to date yet; this is tried again at the "
        "next start.",
        finished.error());
}

Result<void> announce(Operation& op, HomeAccess& home, MediumChange& medium,
                      std::uint64_t change_usec) {
    HEARTH_TRY(needed, medium.needs_journal(home));
    const auto durability = needed ? system::Durability::synced : system::Durability::atomic;
    return op.write_intent(home.storage_name(), durability, nullptr, change_usec);
}

}  // namespace

Result<record::UserRecord> next_version(Operation& op, const record::UserRecord& current) {
    HEARTH_TRY(keys, op.keys());
    if (keys->verify(current).value_or(record::Trust::unknown_key) != record::Trust::exclusive) {
        return Error(Code::permission, "record-signed-elsewhere",
                     "The record of " + current.user_name() +
                         " is signed by another machine and cannot be changed here.")
            .hint(
                "Change it on the machine that it comes from; this one takes the new record over "
                "at the next activation.");
    }
    const std::uint64_t now = system::now_usec();
    if (current.last_change_usec().value_or(0) >= now) {
        return Error(Code::invalid_argument, "record-from-the-future",
                     "The record of " + current.user_name() + " was last changed in the future.")
            .hint("Set this machine's clock, then try again.");
    }
    record::UserRecord next = current.clone();
    next.remove("signature");
    HEARTH_CHECK(next.set("lastChangeUSec", now));
    return next;
}

Result<record::UserRecord> replace_record(Operation& op, record::UserRecord host_record,
                                          MediumChange& medium, const NextRecord& make_next) {
    Attempt attempt(op, host_record);
    HomeAccess home(op, std::move(host_record));
    std::optional<record::UserRecord> next;
    HEARTH_CHECK(op.run({
        {"counting the attempt", [&] { return attempt.begin(); }},
        {"opening the medium", [&] { return attempt.watch(home.open()); },
         [&] { home.roll_back(); }},
        {"reading the record in it", [&] { return home.reconcile(record::ReconcileMode::any); }},
        {"checking the password",
         [&] { return attempt.settle(home.record(), authenticate(op, home.record())); }},
        {"making the new record",
         [&]() -> Result<void> {
             HEARTH_TRY(made, make_next(home.record()));
             next = std::move(made);
             return ok();
         }},
        {"writing the journal",
         [&] { return announce(op, home, medium, next->last_change_usec().value_or(0)); }},
        {"preparing the medium", [&] { return medium.prepare(home, *next); },
         [&] { (void)medium.finish(home, false); }},
        {"signing the record", [&] { return sign_or_check(op, *next); }},
        {"writing the record", [&] { return op.store().save(*next); }, {}, true},
        {"writing the copies of the record",
         [&] {
             home.record() = std::move(*next);
             finish_copies(op, home, medium);
             return ok();
         }},
        {"closing the medium", [&] { return home.close(HEARTH_CLOSE_COMMIT); }},
    }));
    return std::move(home.record());
}

}  // namespace hearth::operation
