// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <hearth/sdk/result.hpp>
#include <hearth/sdk/unique_fd.hpp>

#include <cstdint>
#include <string>

#include "gpt.hpp"

namespace hearth::luks {

/// A part of an image as a block device. The kernel lets go of it with the last that has it open:
/// this object, or a mapping on top of it.
struct LoopDevice {
    sdk::UniqueFd fd;
    std::string path;  ///< in /dev
};

/// Makes one over `extent` of the image, with direct I/O where the image's file system can.
/// `sector_size`: 512 to 4096. Errors: BACKEND_UNAVAILABLE (no loop device is free, or none exist).
sdk::Result<LoopDevice> attach_loop(int image, const Extent& extent, std::uint32_t sector_size);

/// Opens the device that is already over this image. `device`: its number, from the mapping.
/// Errors: HOME_IN_USE (it is over something else).
sdk::Result<LoopDevice> open_loop(dev_t device, int image);

/// After the image has become larger or smaller.
sdk::Result<void> resize_loop(const LoopDevice& loop, const Extent& extent);

}  // namespace hearth::luks
