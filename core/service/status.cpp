// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/status.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/service/home.hpp"

namespace hearth::service {

namespace {

using record::Object;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kSmallest = 5 * kMiB;
constexpr std::uint64_t kLargest = 5 * kMiB * kMiB;
constexpr std::uint64_t kXfs = 0x58465342;

/// Sizes in bytes; what is not known is left out.
struct Sizes {
    std::optional<std::uint64_t> size, usage, free;
    std::uint64_t ceiling = kLargest;
    std::uint64_t floor = 0;
};

const char* name_of(std::uint64_t type) {
    switch (type) {
        case EXT4_SUPER_MAGIC:
            return "ext4";
        case BTRFS_SUPER_MAGIC:
            return "btrfs";
        case kXfs:
            return "xfs";
        case TMPFS_MAGIC:
            return "tmpfs";
        case F2FS_SUPER_MAGIC:
            return "f2fs";
        default:
            return nullptr;
    }
}

std::uint64_t free_bytes(const struct statfs& info) {
    return std::uint64_t{info.f_bavail} * static_cast<std::uint64_t>(info.f_bsize);
}

/// An image: its own length, and what it can grow to beside what else lies there.
Sizes sizes_of_image(const std::string& path, const struct stat& image,
                     const struct statfs* inside) {
    Sizes sizes;
    const auto length = static_cast<std::uint64_t>(image.st_size);
    const std::uint64_t blocks = static_cast<std::uint64_t>(image.st_blocks) * 512;
    sizes.size = length;
    sizes.usage = blocks;
    if (inside != nullptr) {
        sizes.free = free_bytes(*inside);
        sizes.usage = std::min(blocks, length - std::min(length, *sizes.free));
    }
    struct statfs around {};
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    if (::statfs(folder.c_str(), &around) == 0) sizes.ceiling = blocks + free_bytes(around);
    return sizes;
}

/// A folder shares the space of its file system.
Sizes sizes_of_folder(const struct statfs& info) {
    Sizes sizes;
    const std::uint64_t size =
        std::uint64_t{info.f_blocks} * static_cast<std::uint64_t>(info.f_bsize);
    sizes.size = size;
    sizes.free = free_bytes(info);
    sizes.usage = size - std::min(size, *sizes.free);
    sizes.ceiling = size;
    return sizes;
}

/// `seen`: the image, if somebody has just looked at it.
std::optional<Sizes> sizes_of(const std::string& path, const std::optional<struct stat>& seen,
                              const struct statfs* inside) {
    struct stat image {};
    if (seen) image = *seen;
    if (!seen && ::stat(path.c_str(), &image) != 0) return std::nullopt;
    if (S_ISREG(image.st_mode)) return sizes_of_image(path, image, inside);
    struct statfs around {};
    if (inside == nullptr && S_ISDIR(image.st_mode) && ::statfs(path.c_str(), &around) == 0)
        return sizes_of_folder(around);
    return inside != nullptr ? std::optional(sizes_of_folder(*inside)) : std::nullopt;
}

void put(Object& status, const char* field, std::optional<std::uint64_t> number) {
    if (number) status.set(field, *number);
}

void put_sizes(Object& status, const Sizes& sizes) {
    put(status, "diskSize", sizes.size);
    put(status, "diskUsage", sizes.usage);
    put(status, "diskFree", sizes.free);
    const std::uint64_t ceiling = std::min(sizes.ceiling, kLargest);
    put(status, "diskCeiling", ceiling);
    put(status, "diskFloor",
        std::min(ceiling, std::max({sizes.floor, sizes.usage.value_or(0), kSmallest})));
}

/// What can be seen only while the files are in their place.
void put_inside(Object& status, const std::string& folder, const struct statfs& inside) {
    if (const char* name = name_of(static_cast<std::uint64_t>(inside.f_type)))
        status.set("fileSystemType", name);
    struct stat top {};
    if (::stat(folder.c_str(), &top) == 0) status.set("accessMode", top.st_mode & 07777U);
}

void put_disk(Object& status, const Home& home, const home::Root& root, const Home::Look& now) {
    const std::string folder = root.path(home.home_directory());
    struct statfs inside {};
    const bool open = is_active(now.state) && ::statfs(folder.c_str(), &inside) == 0;
    if (open) put_inside(status, folder, inside);
    if (home.image_path().empty()) return;
    const auto sizes = sizes_of(root.path(home.image_path()), now.image, open ? &inside : nullptr);
    if (sizes) put_sizes(status, *sizes);
}

Object& own_part(Object& all, const std::string& machine_id) {
    if (Object* const there = all.find_object(machine_id)) return *there;
    return *all.set(machine_id, Object()).object();
}

}  // namespace

Object status_now(const Home& home, const Surroundings& surroundings, bool signed_here) {
    Object all = home.compact().status();
    Object& own = own_part(all, surroundings.machine.id);
    const Home::Look now = home.look();
    own.set("state", to_text(now.state));
    own.set("service", "io.systemd.Home");
    own.set("useFallback", !is_active(now.state));
    own.set("fallbackShell", "/usr/bin/systemd-home-fallback-shell");
    own.set("fallbackHomeDirectory", "/");
    own.set("signedLocally", signed_here);
    put_disk(own, home, surroundings.root, now);
    return all;
}

}  // namespace hearth::service
