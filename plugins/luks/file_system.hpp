// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <string>

#include "settings.hpp"

// The file system inside the encrypted volume.

namespace hearth::luks {

struct FileSystem {
    std::string type;
    std::string uuid;
};

/// Can this machine make one? Errors: BACKEND_UNAVAILABLE.
sdk::Result<void> require_tools(const std::string& type);

/// What a new home of `size` bytes gets if its record has no wish: btrfs, which can be made smaller
/// while it is used, where the machine has it and the home has room for it.
void choose_file_system(Settings& settings, std::uint64_t size);

/// What is on an open device. Errors: FSTYPE_UNSUPPORTED (none that homes have), CORRUPT (two at
/// once, or not the one of the record).
sdk::Result<FileSystem> find_file_system(int device, const Settings& settings);

/// Makes one on the device. Errors: BACKEND_UNAVAILABLE, IO.
sdk::Result<void> make_file_system(sdk::Op op, const std::string& node, const Settings& settings,
                                   const Uuid& id);

/// Repairs what can be repaired without asking, as after a crash. Errors: CORRUPT.
sdk::Result<void> check_file_system(sdk::Op op, const std::string& node, const std::string& type);
/// Repairs it, deciding everything, where a program for that can be trusted with it: ext4. Errors:
/// CORRUPT.
sdk::Result<void> repair_file_system(sdk::Op op, const std::string& node, const std::string& type);

/// Mounts it where nobody sees it; the mount ends with its last descriptor. Errors:
/// INVALID_ARGUMENT (a mount option), FSTYPE_UNSUPPORTED, CORRUPT, IO.
sdk::Result<sdk::UniqueFd> mount_file_system(const std::string& node, const std::string& type,
                                             const Settings& settings, bool discard);

/// Tells the image what is not in use any more. Not every file system can: that is no error.
void trim(sdk::Op op, int folder);

}  // namespace hearth::luks
