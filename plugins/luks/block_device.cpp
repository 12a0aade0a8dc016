// SPDX-License-Identifier: LGPL-2.1-or-later
#include "block_device.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

namespace hearth::luks {

namespace {

namespace fs = std::filesystem;
/// Sizes and positions in /sys, whatever the device's own sectors are.
constexpr std::uint64_t kUnit = 512;

fs::path folder_of(dev_t device) {
    return "/sys/dev/block/" + std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

/// Empty if it is not there.
std::string line_of(const fs::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

std::uint64_t number_of(const fs::path& file) {
    std::ifstream stream(file);
    std::uint64_t number = 0;
    stream >> number;
    return stream ? number : 0;
}

/// "259:3"
std::optional<dev_t> device_of(const fs::path& folder) {
    std::ifstream stream(folder / "dev");
    unsigned first = 0;
    unsigned second = 0;
    char colon = 0;
    stream >> first >> colon >> second;
    if (!stream || colon != ':') return std::nullopt;
    return makedev(first, second);
}

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error) && !error;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) out.push_back(entry.path());
    return out;
}

bool is_worth_reading(const fs::path& folder) {
    if (number_of(folder / "size") == 0 || line_of(folder / "dm" / "suspended") == "1")
        return false;
    return !line_of(folder / "loop" / "backing_file").starts_with("/dev/");
}

}  // namespace

std::optional<dev_t> device_number(int fd) {
    struct stat info {};
    if (fstat(fd, &info) != 0 || !S_ISBLK(info.st_mode)) return std::nullopt;
    return info.st_rdev;
}

DeviceKind kind_of(dev_t device) {
    const fs::path folder = folder_of(device);
    if (is_there(folder / "partition")) return DeviceKind::partition;
    return is_there(folder / "dm") ? DeviceKind::mapping : DeviceKind::disk;
}

std::optional<dev_t> disk_of(dev_t partition) {
    std::error_code error;
    const fs::path folder = fs::canonical(folder_of(partition), error);
    if (error || kind_of(partition) != DeviceKind::partition) return std::nullopt;
    return device_of(folder.parent_path());
}

std::optional<dev_t> partition_at(dev_t disk, const Extent& extent) {
    for (const fs::path& folder : entries_of(folder_of(disk))) {
        const bool fits = is_there(folder / "partition") &&
                          number_of(folder / "start") * kUnit == extent.offset &&
                          number_of(folder / "size") * kUnit == extent.size;
        if (fits) return device_of(folder);
    }
    return std::nullopt;
}

bool carries(dev_t below, dev_t device) {
    const auto above = entries_of(folder_of(below) / "holders");
    return std::any_of(above.begin(), above.end(),
                       [&](const fs::path& folder) { return device_of(folder) == device; });
}

std::vector<dev_t> all_devices() {
    std::vector<dev_t> out;
    for (const fs::path& folder : entries_of("/sys/class/block")) {
        const auto device = device_of(folder);
        if (device && is_worth_reading(folder)) out.push_back(*device);
    }
    return out;
}

sdk::Result<DeviceNode> open_device(dev_t device, int flags) {
    std::error_code error;
    std::string name = fs::canonical(folder_of(device), error).filename().string();
    std::replace(name.begin(), name.end(), '!', '/');
    DeviceNode node{{}, "/dev/" + name};
    node.fd.reset(open(node.path.c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (node.fd && device_number(node.fd.get()) == device) return node;
    if (!error && !node.fd && errno == EBUSY)
        return sdk::Error(HEARTH_E_HOME_IN_USE, node.path + " is in use", EBUSY);
    const int why = node.fd ? ENXIO : errno;
    return sdk::Error(HEARTH_E_HOME_ABSENT, "the device " + node.path + " cannot be opened", why);
}

std::uint32_t logical_sector(int device) {
    int size = 0;
    return ioctl(device, BLKSSZGET, &size) == 0 && size > 0 ? static_cast<std::uint32_t>(size)
                                                            : kUnit;
}

void reread_partitions(int device) {
    ioctl(device, BLKRRPART);
}

void discard(int device, const Extent& extent) {
    std::uint64_t range[] = {extent.offset, extent.size};
    ioctl(device, BLKDISCARD, range);
}

}  // namespace hearth::luks
