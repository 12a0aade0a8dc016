// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/leftovers.hpp"
#include "core/operation/place.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

namespace {

/// A medium that is gone already is as good as removed. A missing folder too: a disk that was
/// pulled out for good.
Result<void> remove_medium(HomeAccess& home) {
    HEARTH_TRY(storage, home.provider());
    auto result = storage->remove(home.view());
    if (!result && result.error().code() == Code::home_absent) return ok();
    return result;
}

/// The folder may be gone; but what is there must be the home itself.
Result<void> check_removable(Operation& op, HomeAccess& home) {
    auto checked = check_image(op, home.record(), Image::either);
    if (!checked && checked.error().code() == Code::home_absent) return ok();
    return checked;
}

void remove_home_directory(Operation& op, HomeAccess& home) {
    if (auto target = home_directory_of(op, home.record())) remove_target(*target);
}

}  // namespace

Result<void> remove(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HomeAccess home(op, std::move(record));
    return op.run({
        {"looking whether the home is in use", [&] { return home.require_inactive(); }},
        {"looking at its image", [&] { return check_removable(op, home); }},
        {"writing the journal",
         [&] { return op.write_intent(home.storage_name(), system::Durability::synced); }},
        {"deleting the files", [&] { return remove_medium(home); }, {}, true},
        {"removing the record",
         [&] {
             remove_home_directory(op, home);
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
