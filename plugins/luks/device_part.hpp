// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "block_device.hpp"
#include "loop_device.hpp"

// The stretch of a device that the encrypted volume is in, as a device of its own.

namespace hearth::luks {

/// The device itself if the stretch is all of it, else the kernel's partition there, else a loop
/// device over it: that needs nobody to have read the table. Errors: those of attach_loop().
sdk::Result<LoopDevice> open_part(int device, const Extent& extent, std::uint32_t sector_size);

/// The one of those that a mapping lies on. `below`: its number. Errors: HOME_IN_USE (it is part of
/// another device).
sdk::Result<LoopDevice> open_part_below(dev_t below, int device);

}  // namespace hearth::luks
