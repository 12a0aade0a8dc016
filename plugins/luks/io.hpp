// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace hearth::luks {

using Bytes = std::vector<std::uint8_t>;

/// Fills the span from a position of some medium; false when there is less.
using ReadAt = std::function<bool(std::uint64_t offset, std::span<std::uint8_t> out)>;

/// Reads of an open file or device, which is borrowed.
ReadAt reader_of(int fd);
/// Errors: those of the write.
sdk::Result<void> write_at(int fd, std::uint64_t offset, std::span<const std::uint8_t> bytes);
/// Puts everything written so far on the disk.
sdk::Result<void> sync_file(int fd, const char* what);

}  // namespace hearth::luks
