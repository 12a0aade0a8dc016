// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <cerrno>

#include "core/home/machine_sleep.hpp"
#include "core/operation/common.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/place.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

namespace {

/// Afterwards nothing gets out of the home until it is unlocked.
Result<void> sync_files(Operation& op, HomeAccess& home) {
    HEARTH_TRY(target, home_directory_of(op, home.record()));
    HEARTH_TRY(folder, system::open_dir_at(target.dir.get(), target.name));
    if (::syncfs(folder.get()) == 0) return ok();
    return Error(Code::io, "file-write", "The files of the home could not be put on the disk.")
        .sys(errno);
}

/// A machine that cannot sleep is no reason to leave a home open.
UniqueFd prepare_sleep(Operation& op, const HomeAccess& home) {
    const auto place = op.root().path(home.effective().home_directory());
    auto turn = home::prepare_sleep_with(op.root(), op.user(), place);
    if (turn) return std::move(turn).value();
    op.warn("The machine may not be able to sleep.", turn.error());
    return {};
}

Result<void> lock_medium(Operation& op, HomeAccess& home) {
    HEARTH_TRY(storage, home.provider());
    UniqueFd turn = prepare_sleep(op, home);
    auto locked = storage->lock(home.view());
    turn.reset();
    if (!locked) restore_sleep_or_warn(op);
    return locked;
}

Result<void> require_open_and_lockable(HomeAccess& home) {
    HEARTH_CHECK(home.require_active());
    return home.require_lockable("locked");
}

}  // namespace

Result<record::UserRecord> lock(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HomeAccess home(op, std::move(record));
    HEARTH_CHECK(op.run({
        {"looking whether the home can be locked", [&] { return require_open_and_lockable(home); }},
        {"writing the journal", [&] { return write_intent_if_none(op, home.storage_name()); }},
        {"putting its files on the disk", [&] { return sync_files(op, home); }},
        {"taking its key out of the kernel", [&] { return lock_medium(op, home); }, {}, true},
    }));
    return std::move(home.record());
}

}  // namespace hearth::operation
