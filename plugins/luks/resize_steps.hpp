// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstdint>
#include <span>

#include "io.hpp"
#include "resize_plan.hpp"

// In which order an image and what is in it change their size. After any step the machine may lose
// its power, and of what was not synced any part may be on the disk: the image opens all the same,
// with its old or its new size, at the latest once mend() was there.

namespace hearth::luks {

/// What a change of size is made of, from the file up to the file system. Tests put a layer of
/// their own in its place, which forgets.
class Ground {
  public:
    Ground() = default;
    Ground(const Ground&) = delete;
    Ground& operator=(const Ground&) = delete;
    virtual ~Ground() = default;

    [[nodiscard]] virtual ReadAt reader() const = 0;
    virtual sdk::Result<std::uint64_t> length() = 0;
    /// Longer: with room on the disk for all of it. Failing, the length is what it was. Errors:
    /// NO_SPACE.
    virtual sdk::Result<void> set_length(std::uint64_t bytes) = 0;
    virtual sdk::Result<void> write(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
    /// All that was done to the file so far is on the disk.
    virtual sdk::Result<void> sync() = 0;
    /// The block devices of the open home, loop device and mapping.
    virtual sdk::Result<void> set_devices(const Extent& from, const Extent& to) = 0;
    /// The file system fills the volume; on the disk when it returns. Errors: NO_SPACE (it is too
    /// small for what is in it; nothing has changed).
    virtual sdk::Result<void> set_file_system(const Extent& volume) = 0;
};

/// A failure leaves the image with one of its two tables whole: mend() makes it good. Equal shapes:
/// only what an earlier, interrupted growth left over is done.
sdk::Result<void> grow(Ground& ground, const Shape& from, const Shape& to);
sdk::Result<void> shrink(Ground& ground, const Shape& from, const Shape& to);

/// After an interruption: the two tables say the same, and the file ends where they say. As often
/// as it is called. Errors: CORRUPT (neither table is whole).
sdk::Result<void> mend(Ground& ground, const SizeChange& change);

}  // namespace hearth::luks
