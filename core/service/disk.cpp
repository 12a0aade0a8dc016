// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/disk.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <optional>

#include "core/record/effective.hpp"

namespace hearth::service {

namespace {

constexpr std::uint64_t kDefaultWeight = 100;

std::uint64_t free_bytes(const struct statfs& info) {
    return std::uint64_t{info.f_bavail} * static_cast<std::uint64_t>(info.f_bsize);
}

/// Nothing: the home is in no file on that disk.
std::optional<struct stat> image_on(dev_t disk, const Home& home, const home::Root& root) {
    struct stat image {};
    if (home.image_path().empty()) return std::nullopt;
    if (::stat(root.path(home.image_path()).c_str(), &image) != 0) return std::nullopt;
    const bool is_there = S_ISREG(image.st_mode) && image.st_dev == disk;
    return is_there ? std::optional(image) : std::nullopt;
}

std::uint64_t holes_in(const struct stat& image) {
    const auto size = static_cast<std::uint64_t>(image.st_size);
    return size - std::min(size, static_cast<std::uint64_t>(image.st_blocks) * 512);
}

std::optional<Share> share_of(const Home& home, const struct stat& image,
                              const Surroundings& surroundings, const CanRebalance& can_rebalance) {
    if (!is_active(home.state())) return std::nullopt;
    const record::Effective record(home.record(), surroundings.machine);
    Share share{home.user_name(), record.number("rebalanceWeight").value_or(kDefaultWeight),
                static_cast<std::uint64_t>(image.st_size)};
    if (share.weight == 0) return std::nullopt;
    if (!can_rebalance(record.text("storage").value_or(""))) return std::nullopt;
    struct statfs inside {};
    const std::string folder = surroundings.root.path(home.home_directory());
    if (::statfs(folder.c_str(), &inside) != 0) return std::nullopt;
    share.free = std::min(free_bytes(inside), share.size);
    // The others grow while they are mounted, and that is all.
    share.can_shrink = static_cast<std::uint64_t>(inside.f_type) == BTRFS_SUPER_MAGIC;
    return share;
}

}  // namespace

Disk look_at_disk(const Registry& registry, const Surroundings& surroundings,
                  const CanRebalance& can_rebalance) {
    Disk disk;
    struct stat top {};
    struct statfs around {};
    const std::string homes = surroundings.root.path("/home");
    if (::stat(homes.c_str(), &top) != 0 || ::statfs(homes.c_str(), &around) != 0) return disk;
    std::uint64_t promised = 0;
    for (const auto& entry : registry.homes()) {
        const Home& home = *entry.second;
        const auto image = image_on(top.st_dev, home, surroundings.root);
        if (!image) continue;
        promised += holes_in(*image);
        if (auto share = share_of(home, *image, surroundings, can_rebalance))
            disk.homes.push_back(*std::move(share));
    }
    disk.free = free_bytes(around) - std::min(free_bytes(around), promised);
    return disk;
}

}  // namespace hearth::service
