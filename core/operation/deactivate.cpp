// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include "core/operation/auto_resize.hpp"
#include "core/operation/common.hpp"
#include "core/operation/dirty_mark.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/place.hpp"
#include "core/operation/verbs.hpp"
#include "core/system/caches.hpp"
#include "core/system/files.hpp"
#include "core/system/holders.hpp"
#include "core/system/mounts.hpp"
#include "core/system/suspension.hpp"

namespace hearth::operation {

namespace {

/// Says who is in the way, which the kernel does not.
Error name_holders(const system::SafePlace& target, const std::string& user, Error plain) {
    auto id = system::mount_id_at(target.dir.get(), target.name);
    if (!id) return plain;
    return system::busy_error("The home of " + user, system::find_mount_holders(*id));
}

Result<void> unmount_home(const system::SafePlace& target, Operation& op) {
    // Whoever uses it gets errors from now on; nothing of theirs could be saved.
    if (op.request().forced)
        return system::unmount_at(target.dir.get(), target.name, system::Unmount::lazy);
    auto result = system::unmount_at(target.dir.get(), target.name);
    if (!result && result.error().code() == Code::home_busy) {
        return name_holders(target, op.user(), std::move(result).error());
    }
    return result;
}

/// The kernel has the last word: nobody loses what they have not saved because of a mistake.
Result<void> require_pulled_out(const system::SafePlace& target, Operation& op) {
    if (!op.request().forced || system::is_pulled_out(target.dir.get(), target.name)) return ok();
    return Error(Code::home_busy, "device-present",
                 "The home of " + op.user() + " is not closed by force.")
        .why("What it is kept on is still there.")
        .hint("Close it with: homectl deactivate " + op.user());
}

/// The last way into the home: through it the medium can still be written to disk, trimmed or
/// shrunk once it is unmounted. A real descriptor, because the one of a mount is good for naming it
/// only.
Result<UniqueFd> open_clone(const system::SafePlace& target) {
    HEARTH_TRY(folder, system::open_dir_at(target.dir.get(), target.name));
    HEARTH_TRY(clone, system::clone_tree(folder.get()));
    return system::reopen_dir(clone.get());
}

Result<void> keep_a_way_in(const system::SafePlace& target, Operation& op, UniqueFd& out) {
    if (op.request().forced) return ok();
    HEARTH_TRY(opened, open_clone(target));
    out = std::move(opened);
    return ok();
}

/// Programs that kept files of the home open through another mount than its own.
Error name_who_lingers(Operation& op, const HomeAccess& home, dev_t device, Error plain) {
    const auto uid = static_cast<uid_t>(home.effective().number("uid").value_or(UINT32_MAX));
    const auto holders = system::find_owner_holders(device, uid);
    if (holders.empty()) return plain;
    return Error(Code::lingering, plain.id(),
                 "The home of " + op.user() + " is deactivated, but not locked yet.")
        .why(system::list_holders(holders))
        .hint(
            "End these programs; whatever is done with the home next takes its key away for good.");
}

/// Through the last way in if that is possible; some media cannot close while anything is open.
Result<void> close_medium(Operation& op, HomeAccess& home, UniqueFd last_way) {
    HEARTH_TRY(storage, home.provider());
    HEARTH_TRY(flags, deactivation_flags(op, home));
    if (op.request().forced) flags |= HEARTH_DEACTIVATE_FORCED | HEARTH_DEACTIVATE_NO_RESIZE;
    struct stat info {};
    const bool known = ::fstat(last_way.get(), &info) == 0;
    auto closed = storage->deactivate(home.view(), last_way.get(), flags);
    if (op.request().forced) restore_sleep_or_warn(op);  // it may have been locked
    last_way.reset();
    const auto lingers = [&] { return !closed && closed.error().code() == Code::lingering; };
    if (lingers()) closed = storage->deactivate(home.view(), -1, flags);
    if (!lingers() || !known) return closed;
    return name_who_lingers(op, home, info.st_dev, std::move(closed).error());
}

Result<void> drop_caches_if_wanted(Operation& op, HomeAccess& home) {
    HEARTH_TRY(found, op.find_storage(home.storage_name()));
    const bool wanted = home.effective().flag("dropCaches").value_or(found.manifest->drop_caches);
    if (!wanted) return ok();
    if (auto dropped = system::drop_caches(); !dropped)
        op.warn("The caches of the kernel could not be dropped.", dropped.error());
    return ok();
}

}  // namespace

Result<record::UserRecord> deactivate(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HomeAccess home(op, std::move(record));
    HEARTH_CHECK(home.require_active());
    HEARTH_TRY(target, home_directory_of(op, home.record()));
    HEARTH_CHECK(require_pulled_out(target, op));
    HEARTH_TRY(storage, home.provider());
    (void)storage;
    UniqueFd last_way;
    Result<void> closed = ok();
    HEARTH_CHECK(op.run({
        {"writing the journal", [&] { return write_intent_or_warn(op, home.storage_name()); }},
        {"keeping a way into the home", [&] { return keep_a_way_in(target, op, last_way); }},
        {"taking the home from its place", [&] { return unmount_home(target, op); }, {}, true},
        {"closing the medium",
         [&] {
             closed = close_medium(op, home, std::move(last_way));
             if (closed) clear_dirty(op, home.record());
             return ok();
         }},
        {"dropping caches", [&] { return drop_caches_if_wanted(op, home); }},
        {"removing the empty folder",
         [&] {
             remove_target(target);
             return std::move(closed);
         }},
    }));
    return std::move(home.record());
}

}  // namespace hearth::operation
