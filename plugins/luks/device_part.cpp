// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_part.hpp"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "image.hpp"

namespace hearth::luks {

namespace {

sdk::Result<LoopDevice> open_it(dev_t device) {
    HEARTH_SDK_TRY(node, open_device(device, O_RDWR));
    return LoopDevice{std::move(node.fd), std::move(node.path)};
}

sdk::Error over_another() {
    return {HEARTH_E_HOME_IN_USE,
            "a mapping of the home's name exists, and is over another device"};
}

}  // namespace

sdk::Result<LoopDevice> open_part(int device, const Extent& extent, std::uint32_t sector_size) {
    const auto whole = device_number(device);
    HEARTH_SDK_TRY(size, size_of(device));
    if (!whole) return sdk::Error(HEARTH_E_CORRUPT, "it is not a device");
    if (extent.offset == 0 && extent.size == size) return open_it(*whole);
    if (const auto partition = partition_at(*whole, extent)) return open_it(*partition);
    return attach_loop(device, extent, std::max(sector_size, logical_sector(device)));
}

sdk::Result<LoopDevice> open_part_below(dev_t below, int device) {
    const auto whole = device_number(device);
    if (whole && (below == *whole || disk_of(below) == whole)) return open_it(below);
    HEARTH_SDK_TRY(loop, open_it(below));
    loop_info64 info{};
    const bool is_over =
        whole && ioctl(loop.fd.get(), LOOP_GET_STATUS64, &info) == 0 && info.lo_rdevice == *whole;
    return is_over ? sdk::Result<LoopDevice>(std::move(loop)) : over_another();
}

}  // namespace hearth::luks
