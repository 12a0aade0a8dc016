// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/home_mount.hpp"

#include <sys/stat.h>

#include "core/operation/place.hpp"
#include "core/record/effective.hpp"
#include "core/system/idmap.hpp"
#include "core/system/mounts.hpp"
#include "core/system/scratch_mount.hpp"
#include "core/system/tree.hpp"

namespace hearth::operation {

namespace {

system::MountFlags flags_of(const record::Effective& effective) {
    system::MountFlags flags;
    flags.nosuid = effective.flag("mountNoSuid").value_or(true);
    flags.nodev = effective.flag("mountNoDevices").value_or(true);
    flags.noexec = effective.flag("mountNoExecute").value_or(false);
    return flags;
}

Result<UniqueFd> clone_root(const plugin::Root& root) {
    if (root.subdir.empty()) return system::clone_tree(root.fd);
    return system::clone_subfolder(root.fd, root.subdir);
}

/// The owner that the files have on the medium is that of its top folder, whatever the plugin made
/// it.
Result<void> map_owner(int mount_fd, uid_t exposed) {
    struct stat top {};
    if (::fstat(mount_fd, &top) != 0) {
        return Error(Code::io, "mount-query", "The top folder of the home cannot be looked at.")
            .sys(errno);
    }
    HEARTH_TRY(users, system::make_home_idmap(top.st_uid, exposed));
    // `unsupported` is as good: whatever owner is wrong afterwards is changed on the medium.
    HEARTH_TRY(mapped, system::set_idmap(mount_fd, users.get()));
    (void)mapped;
    return ok();
}

Result<void> own_files(Operation& op, int mount_fd, uid_t uid) {
    system::TreeWatch watch;
    watch.progress = [&op](std::uint64_t done) {
        op.channel().progress("giving the files to their owner", done, 0);
    };
    watch.cancelled = [&op] { return op.cancelled(); };
    HEARTH_TRY(changed, system::change_owner_tree(mount_fd, uid, static_cast<gid_t>(uid), watch));
    (void)changed;
    return ok();
}

}  // namespace

Result<UniqueFd> make_home_mount(Operation& op, const plugin::Root& root,
                                 const record::UserRecord& record) {
    const record::Effective effective(record, op.machine());
    const auto uid = static_cast<uid_t>(effective.number("uid").value_or(0));
    HEARTH_TRY(mount, clone_root(root));
    HEARTH_CHECK(system::set_mount_flags(mount.get(), flags_of(effective)));
    if (root.may_idmap) {
        HEARTH_CHECK(map_owner(mount.get(), uid));
        HEARTH_CHECK(own_files(op, mount.get(), uid));
    }
    return mount;
}

Result<void> attach_home_mount(Operation& op, int mount_fd, const record::UserRecord& record) {
    const record::Effective effective(record, op.machine());
    HEARTH_TRY(target, home_directory_of(op, record));
    const bool is_image_itself = effective.text("imagePath") == effective.home_directory();
    HEARTH_TRY(was_there, prepare_target(target, is_image_itself));
    auto attached = system::move_mount_to(mount_fd, target.dir.get(), target.name);
    if (!attached && !was_there) remove_target(target);
    return attached;
}

}  // namespace hearth::operation
