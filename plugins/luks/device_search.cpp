// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_search.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "image.hpp"
#include "luks_header.hpp"

namespace hearth::luks {

namespace {

constexpr std::string_view kSubsystem = "systemd-home";

bool is_volume_of(const ReadAt& read, const Extent& extent, const Settings& settings) {
    const auto found = read_name(read, extent);
    if (!found) return false;
    if (settings.luks_id) return found->id == settings.luks_id;
    return found->subsystem == kSubsystem && found->label == settings.label;
}

/// A partition without a volume is one whose home is being removed; only its own id can say so.
bool is_partition_of(const ReadAt& read, const Extent& extent, const Settings& settings) {
    return is_volume_of(read, extent, settings) ||
           (settings.partition_id && !read_name(read, extent));
}

bool has_table_of(const ReadAt& read, std::uint64_t size, const Settings& settings) {
    if (!has_table(read, size)) return false;
    const auto table = parse_table(read, size);
    if (!table) return false;
    const auto home = find_home(*table, settings.label, settings.partition_id);
    return home && is_partition_of(read, extent_of(*table, *home), settings);
}

/// A disk and its partition, or a device and the mapping over it, show the same.
bool is_shown_by(dev_t device, const std::vector<dev_t>& all) {
    return std::any_of(all.begin(), all.end(), [device](dev_t other) {
        return other != device && (disk_of(device) == other || carries(device, other));
    });
}

std::optional<dev_t> device_at(const sdk::Place& place) {
    struct stat info {};
    if (fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    if (!S_ISBLK(info.st_mode)) return std::nullopt;
    return info.st_rdev;
}

bool is_meant(dev_t device, const Settings& settings) {
    const auto node = open_device(device, O_RDONLY);
    return node && holds_home(node->fd.get(), settings);
}

/// The table is the disk's: what is done with the home is done with both.
dev_t with_its_table(dev_t device, const Settings& settings) {
    const auto disk = disk_of(device);
    return settings.partition_id && disk && is_meant(*disk, settings) ? *disk : device;
}

}  // namespace

bool holds_home(int device, const Settings& settings) {
    const ReadAt read = reader_of(device);
    const auto size = size_of(device);
    if (!size) return false;
    return has_table_of(read, *size, settings) || is_volume_of(read, {0, *size}, settings);
}

sdk::Result<std::optional<dev_t>> find_device(const std::function<bool(int device)>& is_meant) {
    std::vector<dev_t> all;
    for (const dev_t device : all_devices()) {
        const auto node = open_device(device, O_RDONLY);
        if (node && is_meant(node->fd.get())) all.push_back(device);
    }
    std::vector<dev_t> found;
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [&](dev_t device) { return !is_shown_by(device, all); });
    if (found.size() > 1)
        return sdk::Error(HEARTH_E_HOME_IN_USE,
                          "several devices hold this home, of which one must be a copy");
    return found.empty() ? std::optional<dev_t>() : std::optional(found.front());
}

sdk::Result<DeviceNode> open_home_device(const sdk::Place& place, const Settings& settings,
                                         int flags) {
    auto device = device_at(place);
    if (device && !is_meant(*device, settings)) device.reset();
    // A name alone is not enough to take a device for the home wherever it is found.
    if (!device && settings.luks_id) {
        HEARTH_SDK_TRY(found, find_device([&](int fd) { return holds_home(fd, settings); }));
        device = found;
    }
    if (!device)
        return sdk::Error(HEARTH_E_HOME_ABSENT, "no device of this machine holds the home");
    return open_device(with_its_table(*device, settings), O_RDWR | flags);
}

}  // namespace hearth::luks
