// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/suspension.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "core/system/mounts.hpp"

namespace hearth::system {

namespace {

/// A chain of mappings that is longer is nothing that anybody made.
constexpr int kDeepest = 8;

std::string folder_of(dev_t device) {
    return "/sys/dev/block/" + std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

/// Some file systems have numbers of their own instead of their device's.
std::optional<dev_t> source_of(std::uint64_t mount_id) {
    const auto mount = find_mount(mount_id);
    struct stat info {};
    if (!mount || !*mount || ::stat((*mount)->source.c_str(), &info) != 0) return std::nullopt;
    return S_ISBLK(info.st_mode) ? std::optional(info.st_rdev) : std::nullopt;
}

/// The device that the file system at this folder is on.
std::optional<dev_t> device_below(int dir_fd, const std::string& name) {
    struct statx info {};
    // Without the last flag some file systems would write what they have not written yet.
    constexpr int kFlags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
    if (::statx(dir_fd, name.c_str(), kFlags, STATX_MNT_ID, &info) != 0) return std::nullopt;
    if (info.stx_dev_major != 0) return makedev(info.stx_dev_major, info.stx_dev_minor);
    return (info.stx_mask & STATX_MNT_ID) != 0 ? source_of(info.stx_mnt_id) : std::nullopt;
}

/// As the kernel lists them: a device that went leaves its name behind with those on top of it.
bool has_gone(const std::filesystem::path& device, int depth) {
    std::error_code error;
    for (const auto& below : std::filesystem::directory_iterator(device / "slaves", error)) {
        if (!std::filesystem::exists(below.path(), error)) return true;
        if (depth < kDeepest && has_gone(below.path(), depth + 1)) return true;
    }
    return false;
}

}  // namespace

bool is_suspended(int dir_fd, const std::string& name) {
    const auto device = device_below(dir_fd, name);
    if (!device) return false;
    // What device-mapper says of a device, which is one of its own or not.
    std::ifstream file(folder_of(*device) + "/dm/suspended");
    char answer = 0;
    return file.get(answer) && answer == '1';
}

bool is_pulled_out(int dir_fd, const std::string& name) {
    const auto device = device_below(dir_fd, name);
    return device && has_gone(folder_of(*device), 0);
}

}  // namespace hearth::system
