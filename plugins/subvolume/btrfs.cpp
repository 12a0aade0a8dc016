// SPDX-License-Identifier: LGPL-2.1-or-later
#include "btrfs.hpp"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <cerrno>
#include <string>
#include <string_view>

namespace hearth::subvolume {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

template <typename Arguments>
bool put_name(Arguments& arguments, std::string_view name) {
    if (name.size() >= sizeof arguments.name) return false;
    arguments.name[name.copy(arguments.name, sizeof arguments.name - 1)] = '\0';
    return true;
}

sdk::Error name_too_long() {
    return {HEARTH_E_INVALID_ARGUMENT, "the name of a subvolume is too long", ENAMETOOLONG};
}

std::string quoted(const char* name) {
    return std::string("the subvolume ") + name;
}

}  // namespace

bool is_on_btrfs(int fd) {
    struct statfs file_system {};
    return fstatfs(fd, &file_system) == 0 &&
           static_cast<unsigned long>(file_system.f_type) == BTRFS_SUPER_MAGIC;
}

bool is_subvolume(int fd) {
    struct stat info {};
    return fstat(fd, &info) == 0 && S_ISDIR(info.st_mode) &&
           info.st_ino == BTRFS_FIRST_FREE_OBJECTID && is_on_btrfs(fd);
}

sdk::Result<sdk::UniqueFd> create_subvolume(int dir, const char* name) {
    const sdk::UniqueFd parent(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_vol_args_v2 arguments{};
    if (!put_name(arguments, name)) return name_too_long();
    if (!parent || ioctl(parent.get(), BTRFS_IOC_SUBVOL_CREATE_V2, &arguments) != 0)
        return sdk::sys_error(errno, quoted(name) + " cannot be created");
    sdk::UniqueFd made(openat(dir, name, kFolder));
    // The umask of the host does not matter.
    if (made && fchmod(made.get(), 0700) == 0) return made;
    const int why = errno;
    static_cast<void>(destroy_subvolume(dir, name));
    return sdk::sys_error(why, quoted(name) + " cannot be opened");
}

sdk::Result<void> destroy_subvolume(int dir, const char* name) {
    const sdk::UniqueFd parent(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_vol_args arguments{};
    if (!put_name(arguments, name)) return name_too_long();
    if (parent && ioctl(parent.get(), BTRFS_IOC_SNAP_DESTROY, &arguments) == 0) return sdk::ok();
    if (parent && errno == EPERM)
        return sdk::Error(HEARTH_E_HOME_BUSY,
                          quoted(name) +
                              " is the default one of its file system, or a swap file or "
                              "a running btrfs send is in it",
                          EPERM);
    return sdk::sys_error(errno, quoted(name) + " cannot be deleted");
}

sdk::Result<std::uint64_t> subvolume_id(int fd) {
    btrfs_ioctl_ino_lookup_args arguments{};
    arguments.objectid = BTRFS_FIRST_FREE_OBJECTID;
    if (ioctl(fd, BTRFS_IOC_INO_LOOKUP, &arguments) == 0)
        return static_cast<std::uint64_t>(arguments.treeid);
    return sdk::sys_error(errno, "the number of the subvolume is not known");
}

sdk::Result<bool> is_read_only(int subvolume) {
    std::uint64_t flags = 0;
    if (ioctl(subvolume, BTRFS_IOC_SUBVOL_GETFLAGS, &flags) == 0)
        return (flags & BTRFS_SUBVOL_RDONLY) != 0;
    return sdk::sys_error(errno, "the flags of the subvolume are not known");
}

sdk::Result<void> make_writable(int subvolume) {
    std::uint64_t flags = 0;
    if (ioctl(subvolume, BTRFS_IOC_SUBVOL_SETFLAGS, &flags) == 0) return sdk::ok();
    return sdk::sys_error(errno, "a read-only subvolume cannot be made writable");
}

}  // namespace hearth::subvolume
