// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/found_image.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/leftovers.hpp"
#include "core/operation/place.hpp"
#include "core/operation/record_files.hpp"
#include "core/operation/removal.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

namespace {

/// From here on it happens, whatever happens to this process or to the power: one sync for all of
/// it, and none for the medium.
Result<void> announce(Operation& op, HomeAccess& home, bool recorded) {
    HEARTH_CHECK(op.write_intent(home.storage_name(), system::Durability::atomic,
                                 recorded ? nullptr : &home.record()));
    HEARTH_CHECK(op.journal().set_phase(Phase::committing));
    return op.journal().sync();
}

/// Unless the medium refuses.
Result<void> remove_or_not(Operation& op, HomeAccess& home) {
    auto removed = remove_medium(home);
    if (!removed) HEARTH_CHECK(op.journal().set_phase(Phase::begun));
    return removed;
}

void remove_places(Operation& op, HomeAccess& home) {
    if (auto target = home_directory_of(op, home.record())) remove_target(*target);
    drop_files(op);
}

}  // namespace

Result<void> remove(Operation& op, std::optional<record::UserRecord> provisional) {
    auto record = op.store().load(op.user());
    const bool recorded = record.has_value();
    if (!recorded && (!provisional || record.error().id() != "home-unknown"))
        return std::move(record).error();
    if (!recorded) HEARTH_CHECK(find_out_storage(op, *provisional));
    HomeAccess home(op, recorded ? std::move(record).value() : *std::move(provisional));
    return op.run({
        {"looking whether the home is in use", [&] { return home.require_inactive(); }},
        {"looking at its image", [&] { return check_removable(op, home); }},
        {"writing the journal", [&] { return announce(op, home, recorded); }},
        {"deleting the files", [&] { return remove_or_not(op, home); }, {}, true},
        {"removing the record",
         [&] {
             remove_places(op, home);
             // If a power cut brings it back, it brings the journal back too.
             return op.store().remove(op.user(), system::Durability::atomic);
         }},
        {"clearing up",
         [&] {
             sweep_state(op.root(), op.user());
             return ok();
         }},
    });
}

}  // namespace hearth::operation
