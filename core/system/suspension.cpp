// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/suspension.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>
#include <optional>

#include "core/system/mounts.hpp"

namespace hearth::system {

namespace {

/// What device-mapper says of a device, which is one of its own or not.
bool says_suspended(unsigned major_number, unsigned minor_number) {
    std::ifstream file("/sys/dev/block/" + std::to_string(major_number) + ":" +
                       std::to_string(minor_number) + "/dm/suspended");
    char answer = 0;
    return file.get(answer) && answer == '1';
}

/// Some file systems have numbers of their own instead of their device's.
bool source_says_suspended(std::uint64_t mount_id) {
    const auto mount = find_mount(mount_id);
    struct stat info {};
    if (!mount || !*mount || ::stat((*mount)->source.c_str(), &info) != 0) return false;
    return S_ISBLK(info.st_mode) && says_suspended(major(info.st_rdev), minor(info.st_rdev));
}

}  // namespace

bool is_suspended(int dir_fd, const std::string& name) {
    struct statx info {};
    // Without the last flag some file systems would write what they have not written yet.
    constexpr int kFlags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
    if (::statx(dir_fd, name.c_str(), kFlags, STATX_MNT_ID, &info) != 0) return false;
    if (info.stx_dev_major != 0) return says_suspended(info.stx_dev_major, info.stx_dev_minor);
    return (info.stx_mask & STATX_MNT_ID) != 0 && source_says_suspended(info.stx_mnt_id);
}

}  // namespace hearth::system
