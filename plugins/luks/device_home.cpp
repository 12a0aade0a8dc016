// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_home.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "device_contents.hpp"
#include "file_system.hpp"
#include "image.hpp"
#include "luks_header.hpp"

namespace hearth::luks {

namespace {

constexpr std::string_view kNote = "device ";
constexpr std::size_t kUuidLength = 36;

/// Alone, and to be written to.
sdk::Result<DeviceNode> open_alone(const sdk::Place& place) {
    struct stat info {};
    if (fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISBLK(info.st_mode))
        return sdk::Error(HEARTH_E_HOME_ABSENT, std::string("there is no device ") + place.name,
                          ENOENT);
    HEARTH_SDK_TRY(node, open_device(info.st_rdev, O_RDWR | O_EXCL));
    int read_only = 0;
    if (ioctl(node.fd.get(), BLKROGET, &read_only) != 0 || read_only != 0)
        return sdk::Error(HEARTH_E_PERMISSION, node.path + " cannot be written to", EROFS);
    return node;
}

/// All of a device is used: one that is to be shared is partitioned first.
sdk::Result<void> check_size(const DeviceNode& node, const sdk::Record& record,
                             const Settings& settings) {
    HEARTH_SDK_TRY(size, size_of(node.fd.get()));
    const std::uint64_t least = smallest_size(settings.file_system);
    if (size < least)
        return sdk::Error(HEARTH_E_BAD_SIZE, node.path + " is too small: a home with " +
                                                 settings.file_system + " takes at least " +
                                                 std::to_string(least >> 20U) + "M");
    const auto wanted = record.number("/diskSize");
    if (!wanted || *wanted == UINT64_MAX || *wanted >> 20U == size >> 20U) return sdk::ok();
    return sdk::Error(HEARTH_E_BAD_SIZE,
                      "a home takes all of its device, so it has no size of its own; make a "
                      "partition of that size first, and give that");
}

sdk::Result<DeviceNode> open_empty(const sdk::Place& place, const sdk::Record& record,
                                   const Settings& settings) {
    HEARTH_SDK_TRY(node, open_alone(place));
    HEARTH_SDK_CHECK(require_blank(node.fd.get(), node.path));
    HEARTH_SDK_CHECK(check_size(node, record, settings));
    return node;
}

/// "device <of the partition> <of the volume>"
std::string to_note(const Settings& settings) {
    const Uuid none;
    return std::string(kNote) + to_text(settings.partition_id.value_or(none)) + " " +
           to_text(settings.luks_id.value_or(none)) + "\n";
}

bool read_note(std::string_view note, Settings& out) {
    if (!note.starts_with(kNote)) return false;
    note.remove_prefix(kNote.size());
    if (note.size() != 2 * kUuidLength + 2) return false;
    const auto partition = parse_uuid(note.substr(0, kUuidLength));
    const auto volume = parse_uuid(note.substr(kUuidLength + 1, kUuidLength));
    if (!partition || !volume) return false;
    out.partition_id = *partition == Uuid() ? std::nullopt : partition;
    out.luks_id = volume;
    return true;
}

sdk::Result<void> wipe_volume(sdk::Op op, int device, const Extent& extent, bool give_back) {
    const ReadAt read = reader_of(device);
    HEARTH_SDK_CHECK(wipe(op, device, {extent.offset, header_length(read, extent)}));
    if (give_back) discard(device, extent);
    return sdk::ok();
}

/// A table that others have partitions in stays.
sdk::Result<void> wipe_with_table(sdk::Op op, int device, const Settings& settings) {
    HEARTH_SDK_TRY(size, size_of(device));
    HEARTH_SDK_TRY(table, parse_table(reader_of(device), size));
    HEARTH_SDK_TRY(home, find_home(table, settings.label, settings.partition_id));
    HEARTH_SDK_CHECK(wipe_volume(op, device, extent_of(table, home), settings.discard));
    if (table.partitions.size() > 1) return sdk::ok();
    HEARTH_SDK_CHECK(wipe_table(op, device, table));
    reread_partitions(device);
    return sdk::ok();
}

/// Whoever calls this has made sure that it is the home's device.
sdk::Result<void> wipe_home(sdk::Op op, int device, const Settings& settings) {
    HEARTH_SDK_TRY(size, size_of(device));
    return has_table(reader_of(device), size)
               ? wipe_with_table(op, device, settings)
               : wipe_volume(op, device, {0, size}, settings.discard);
}

}  // namespace

sdk::Result<void> check_device(const sdk::Place& place, const sdk::Record& record,
                               const Settings& settings) {
    HEARTH_SDK_TRY(node, open_empty(place, record, settings));
    static_cast<void>(node);
    return sdk::ok();
}

sdk::Result<sdk::UniqueFd> take_device(sdk::Op op, const sdk::Place& place,
                                       const sdk::Record& record, Settings& settings) {
    HEARTH_SDK_TRY(node, open_empty(place, record, settings));
    const auto number = device_number(node.fd.get());
    if (!number || kind_of(*number) != DeviceKind::disk) settings.partition_id.reset();
    settings.sector_size = std::max(settings.sector_size, logical_sector(node.fd.get()));
    HEARTH_SDK_TRY(size, size_of(node.fd.get()));
    choose_file_system(settings, size);
    HEARTH_SDK_CHECK(require_tools(settings.file_system));
    HEARTH_SDK_TRY(same, find_device([&](int fd) { return holds_home(fd, settings); }));
    if (same)
        return sdk::Error(HEARTH_E_HOME_EXISTS,
                          "another device holds a home with the same identities");
    HEARTH_SDK_CHECK(lock_image(node.fd.get()));
    HEARTH_SDK_CHECK(op.note(to_note(settings)));
    return std::move(node.fd);
}

sdk::Result<Extent> lay_out_device(int device, const Settings& settings) {
    HEARTH_SDK_TRY(size, size_of(device));
    const Extent whole{0, size};
    if (settings.discard) discard(device, whole);
    if (!settings.partition_id) return whole;
    const auto disk = random_uuid();
    if (!disk) return sdk::Error(HEARTH_E_INTERNAL, "the kernel gave no random numbers");
    HEARTH_SDK_TRY(table, plan_table(size, logical_sector(device), *disk, settings.label,
                                     *settings.partition_id));
    const TableBytes bytes = to_bytes(table, size);
    // The first copy first: killed in between, this one says whose device it is.
    HEARTH_SDK_CHECK(write_at(device, 0, bytes.head));
    HEARTH_SDK_CHECK(write_at(device, bytes.tail_offset, bytes.tail));
    HEARTH_SDK_CHECK(sync_file(device, "the partition table"));
    return extent_of(table, table.partitions.front());
}

sdk::Result<void> finish_device(int device) {
    HEARTH_SDK_CHECK(sync_file(device, "the device"));
    reread_partitions(device);
    return sdk::ok();
}

sdk::Result<void> clear_device(sdk::Op op, int device, const Settings& settings) {
    return holds_home(device, settings) ? wipe_home(op, device, settings) : sdk::ok();
}

sdk::Result<void> recover_device(sdk::Op op, Settings settings, std::string_view note) {
    if (!read_note(note, settings)) return sdk::ok();
    HEARTH_SDK_TRY(device, find_device([&](int fd) { return holds_home(fd, settings); }));
    if (!device) return sdk::ok();
    HEARTH_SDK_TRY(node, open_device(*device, O_RDWR | O_EXCL));
    return clear_device(op, node.fd.get(), settings);
}

sdk::Result<std::uint32_t> device_state(const sdk::Place& place, const Settings& settings) {
    const auto node = open_home_device(place, settings);
    if (node) return HEARTH_STATE_INACTIVE;
    if (node.error().code() == HEARTH_E_HOME_ABSENT) return HEARTH_STATE_ABSENT;
    return node.error();
}

sdk::Result<void> remove_device_home(sdk::Op op, const sdk::Place& place,
                                     const Settings& settings) {
    HEARTH_SDK_TRY(node, open_home_device(place, settings, O_EXCL));
    return wipe_home(op, node.fd.get(), settings);
}

}  // namespace hearth::luks
