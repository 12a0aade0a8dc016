// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstdint>
#include <string>

// The size of a mounted file system.

namespace hearth::luks {

enum class FileSystemKind { ext4, btrfs, xfs };

/// What a mounted file system says about itself; bytes.
struct FileSystemSize {
    FileSystemKind kind = FileSystemKind::ext4;
    std::uint64_t used = 0;
    std::uint64_t free = 0;
    /// The smallest volume that can be hoped for, with a little room to work in. xfs: the present
    /// one.
    std::uint64_t smallest = 0;
};

/// `root`: any open file or folder of it. Errors: FSTYPE_UNSUPPORTED.
sdk::Result<FileSystemKind> kind_of(int root);

/// `root`: as above; `volume`: the size of its device. Errors:
/// FSTYPE_UNSUPPORTED.
sdk::Result<FileSystemSize> measure_file_system(int root, std::uint64_t volume);

/// Makes it fill `volume` bytes of its device. Errors: NO_SPACE (less than what is in it),
/// CANNOT_SHRINK, SHRINK_OFFLINE_ONLY, IO.
sdk::Result<void> resize_file_system(int root, FileSystemKind kind, std::uint64_t volume);

}  // namespace hearth::luks
