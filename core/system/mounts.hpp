// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// Mounts by fd. A mount that is attached nowhere disappears with its last fd, so an error on the
/// way needs no clean-up. All of this needs CAP_SYS_ADMIN, except for the questions.

struct MountFlags {
    bool nosuid = true;
    bool nodev = true;
    bool noexec = false;
};

enum class Idmap { mapped, unsupported };
enum class Unmount { plain, lazy };

/// A new detached mount of the folder `fd`, without the mounts below it. Errors: mount-clone.
Result<UniqueFd> clone_tree(int fd);
/// Makes a detached mount private and adds restrictions. One that the source mount had stays,
/// whatever `flags` says. Errors: mount-flags.
Result<void> set_mount_flags(int mount_fd, const MountFlags& flags);
/// Maps owners through a user namespace (idmap.hpp). `unsupported`: this kernel or file system
/// cannot, or the mount has a mapping already; the mount is as it was. Errors: mount-idmap.
Result<Idmap> set_idmap(int mount_fd, int userns_fd);
/// Attaches a detached mount at a folder; an empty `name` means `dir_fd` itself. Errors:
/// mount-attach.
Result<void> move_mount_to(int mount_fd, int dir_fd, const std::string& name);

/// Unmounts the topmost mount there. `plain` fails with home-busy when somebody uses it
/// (holders.hpp tells who). Errors: home-busy, mount-absent (code home_not_active), mount-unmount.
Result<void> unmount_at(int dir_fd, const std::string& name, Unmount how = Unmount::plain);

/// Is there a mount at this folder? A missing folder is none. Errors: mount-query.
Result<bool> is_mount_point(int dir_fd, const std::string& name);
/// The kernel's number of the mount that `fd` is in; unique among the mounts of now. Errors:
/// mount-query.
Result<std::uint64_t> mount_id(int fd);
/// The same for a folder by name, seen through whatever is mounted on it.
Result<std::uint64_t> mount_id_at(int dir_fd, const std::string& name);

/// A line of /proc/self/mountinfo.
struct MountInfo {
    std::uint64_t id = 0;
    unsigned device_major = 0;
    unsigned device_minor = 0;
    std::string root;  ///< what of the file system is mounted
    std::string mount_point;
    std::string options;  ///< of the mount: "rw,nosuid,idmapped"
    std::string fs_type;
    std::string source;  ///< as it was mounted: a device, "//host/share"
};
/// Empty: no such mount in this namespace. Errors: mount-query.
Result<std::optional<MountInfo>> find_mount(std::uint64_t id);
/// All of this namespace; none if the table cannot be read.
std::vector<MountInfo> all_mounts();

}  // namespace hearth::system
