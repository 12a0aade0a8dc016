// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/place.hpp"
#include "core/operation/verbs.hpp"
#include "core/system/files.hpp"
#include "core/system/holders.hpp"
#include "core/system/mounts.hpp"

namespace hearth::operation {

namespace {

/// Says who is in the way, which the kernel does not.
Error name_holders(const system::SafePlace& target, const std::string& user, Error plain) {
    auto id = system::mount_id_at(target.dir.get(), target.name);
    if (!id) return plain;
    return system::busy_error("The home of " + user, system::find_mount_holders(*id));
}

Result<void> unmount_home(const system::SafePlace& target, const std::string& user) {
    auto result = system::unmount_at(target.dir.get(), target.name);
    if (!result && result.error().code() == Code::home_busy) {
        return name_holders(target, user, std::move(result).error());
    }
    return result;
}

/// The last way into the home: through it the medium can still be written to disk, trimmed or
/// shrunk once it is unmounted. A real descriptor, because the one of a mount is good for naming it
/// only.
Result<UniqueFd> open_clone(const system::SafePlace& target) {
    HEARTH_TRY(folder, system::open_dir_at(target.dir.get(), target.name));
    HEARTH_TRY(clone, system::clone_tree(folder.get()));
    return system::reopen_dir(clone.get());
}

Result<void> keep_a_way_in(const system::SafePlace& target, UniqueFd& out) {
    HEARTH_TRY(opened, open_clone(target));
    out = std::move(opened);
    return ok();
}

}  // namespace

Result<record::UserRecord> deactivate(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HomeAccess home(op, std::move(record));
    HEARTH_CHECK(home.require_active());
    HEARTH_TRY(target, home_directory_of(op, home.record()));
    HEARTH_TRY(storage, home.provider());
    UniqueFd last_way;
    HEARTH_CHECK(op.run({
        {"writing the journal", [&] { return write_intent_or_warn(op, home.storage_name()); }},
        {"keeping a way into the home", [&] { return keep_a_way_in(target, last_way); }},
        {"taking the home from its place",
         [&] { return unmount_home(target, op.user()); },
         {},
         true},
        {"closing the medium", [&] { return storage->deactivate(home.view(), last_way.get(), 0); }},
        {"removing the empty folder",
         [&] {
             last_way.reset();
             remove_target(target);
             return ok();
         }},
    }));
    return std::move(home.record());
}

}  // namespace hearth::operation
