// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/mounts.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/system/files.hpp"

namespace hearth::system {

namespace {

Error mount_error(const char* id, std::string what, int sys_errno) {
    const Code code = sys_errno == EPERM ? Code::permission : Code::io;
    return Error(code, id, std::move(what)).sys(sys_errno);
}

// A last component that is a magic link of /proc must be followed; any other must not.
Result<void> unmount_path(const std::string& path, int flags, const std::string& shown) {
    if (umount2(path.c_str(), flags) == 0) return ok();
    switch (errno) {
        case EBUSY:
            return Error(Code::home_busy, "home-busy", "The home at " + shown + " is still in use.")
                .why("A process has its current folder or an open file in it.")
                .hint("End the programs that use it, then try again.");
        case EINVAL:
        case ENOENT:
            return Error(Code::home_not_active, "mount-absent",
                         "Nothing is mounted at " + shown + ".");
        default:
            return mount_error("mount-unmount", shown + " cannot be unmounted.", errno);
    }
}

bool is_idmap_unsupported(int sys_errno) {
    return sys_errno == EINVAL || sys_errno == EOPNOTSUPP || sys_errno == ENOSYS;
}

// A folder that is not there leaves the attributes empty.
Result<struct statx> ask(int dir_fd, const std::string& name) {
    struct statx info {};
    const int flags = AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW | (name.empty() ? AT_EMPTY_PATH : 0);
    if (statx(dir_fd, name.c_str(), flags, STATX_MNT_ID, &info) == 0) return info;
    return mount_error("mount-query",
                       "The kernel does not tell what is mounted at \"" + name + "\".", errno);
}

}  // namespace

Result<UniqueFd> clone_tree(int fd) {
    UniqueFd tree(open_tree(fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
    if (!tree)
        return mount_error("mount-clone", "The home cannot be mounted a second time.", errno);
    return tree;
}

Result<void> set_mount_flags(int mount_fd, const MountFlags& flags) {
    mount_attr attributes{};
    attributes.propagation = MS_PRIVATE;
    if (flags.nosuid) attributes.attr_set |= MOUNT_ATTR_NOSUID;
    if (flags.nodev) attributes.attr_set |= MOUNT_ATTR_NODEV;
    if (flags.noexec) attributes.attr_set |= MOUNT_ATTR_NOEXEC;
    if (mount_setattr(mount_fd, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0)
        return ok();
    return mount_error("mount-flags", "The restrictions of the home's mount cannot be set.", errno);
}

Result<Idmap> set_idmap(int mount_fd, int userns_fd) {
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_IDMAP;
    attributes.userns_fd = static_cast<__u64>(userns_fd);
    if (mount_setattr(mount_fd, "", AT_EMPTY_PATH, &attributes, sizeof attributes) == 0)
        return Idmap::mapped;
    if (is_idmap_unsupported(errno)) return Idmap::unsupported;
    return mount_error("mount-idmap", "The owners of the home's files cannot be mapped.", errno);
}

Result<void> move_mount_to(int mount_fd, int dir_fd, const std::string& name) {
    const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | (name.empty() ? MOVE_MOUNT_T_EMPTY_PATH : 0U);
    if (move_mount(mount_fd, "", dir_fd, name.c_str(), flags) == 0) return ok();
    return mount_error("mount-attach", "The home cannot be mounted at \"" + name + "\".", errno);
}

Result<void> unmount_at(int dir_fd, const std::string& name, Unmount how) {
    const int lazy = how == Unmount::lazy ? MNT_DETACH : 0;
    if (name.empty()) return unmount_path(fd_path(dir_fd), lazy, "this folder");
    if (!is_plain_name(name))
        return Error(Code::invalid_argument, "file-name-unsafe",
                     "\"" + name + "\" is not a single name.");
    return unmount_path(fd_path(dir_fd) + "/" + name, lazy | UMOUNT_NOFOLLOW, "\"" + name + "\"");
}

Result<bool> is_mount_point(int dir_fd, const std::string& name) {
    auto info = ask(dir_fd, name);
    if (info) return (info->stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    const int why = info.error().sys_errno();
    if (why == ENOENT || why == ENOTDIR) return false;
    return std::move(info).error();
}

Result<std::uint64_t> mount_id(int fd) {
    return mount_id_at(fd, "");
}

Result<std::uint64_t> mount_id_at(int dir_fd, const std::string& name) {
    HEARTH_TRY(info, ask(dir_fd, name));
    if ((info.stx_mask & STATX_MNT_ID) == 0)
        return Error(Code::not_supported, "mount-query", "This kernel does not number its mounts.")
            .hint("Linux 5.8 or newer is needed.");
    return info.stx_mnt_id;
}

}  // namespace hearth::system
