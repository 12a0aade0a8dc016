// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <hearth/sdk/result.hpp>
#include <hearth/sdk/unique_fd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gpt.hpp"

// What the kernel says of block devices: in /sys, because names in /dev may be late or missing.

namespace hearth::luks {

/// The number of an open block device; nothing if it is something else.
std::optional<dev_t> device_number(int fd);

/// A disk can have partitions; a partition and a mapping are used as a whole.
enum class DeviceKind { disk, partition, mapping };
DeviceKind kind_of(dev_t device);

/// The disk that a partition is on.
std::optional<dev_t> disk_of(dev_t partition);
/// The kernel's partition that is exactly this stretch of a disk.
std::optional<dev_t> partition_at(dev_t disk, const Extent& extent);
/// Does `below` carry `device`, as a disk does a mapping?
bool carries(dev_t below, dev_t device);

/// All devices with something on them that can be read at once: no device over another one that
/// Hearth made, and none that is suspended, which would have to be waited for.
std::vector<dev_t> all_devices();

/// Opens the node that the kernel has in /dev for it. `flags`: O_RDONLY, O_RDWR, O_EXCL. The path
/// is returned as well. Errors: HOME_IN_USE (with O_EXCL), HOME_ABSENT, those of open().
struct DeviceNode {
    sdk::UniqueFd fd;
    std::string path;
};
sdk::Result<DeviceNode> open_device(dev_t device, int flags);

std::uint32_t logical_sector(int device);
/// Tells the kernel that the partition table has changed. It may not want to know.
void reread_partitions(int device);
/// Gives all of a stretch back to the device, if it takes it.
void discard(int device, const Extent& extent);

}  // namespace hearth::luks
