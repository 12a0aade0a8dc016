// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>

// What btrfs can do with subvolumes, one call each.

namespace hearth::subvolume {

[[nodiscard]] bool is_on_btrfs(int fd);
/// Is it the top folder of a subvolume?
[[nodiscard]] bool is_subvolume(int fd);

/// Makes an empty subvolume in the folder `dir`, for root alone, and opens it. Errors: as of mkdir.
sdk::Result<sdk::UniqueFd> create_subvolume(int dir, const char* name);
/// Deletes a subvolume that has none inside, whatever files are in it. Errors: HOME_BUSY (it is in
/// use as a swap file, by a running send, or as the default subvolume).
sdk::Result<void> destroy_subvolume(int dir, const char* name);

/// The number of the subvolume that an open file or folder is in.
sdk::Result<std::uint64_t> subvolume_id(int fd);

sdk::Result<bool> is_read_only(int subvolume);
sdk::Result<void> make_writable(int subvolume);

}  // namespace hearth::subvolume
