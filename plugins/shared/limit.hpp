// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <optional>

// Limits that a file system keeps on what is in a folder, whichever way it counts. Bytes
// throughout.

namespace hearth::shared {

/// Where a home stands with its limit.
struct Count {
    std::uint64_t limit = 0;  ///< 0: none
    std::uint64_t used = 0;
};

/// The file system around it.
struct Capacity {
    std::uint64_t size = 0;
    std::uint64_t free = 0;
};
sdk::Result<Capacity> capacity_of(int fd);
/// The same for an open home in the folder `dir`. A home with a limit by project says that it is
/// all there is; what is around it knows better.
sdk::Result<Capacity> capacity_around(int dir, int home);

/// What has to stay free below a limit, so that the record in the home can still be replaced.
constexpr std::uint64_t kRoom = std::uint64_t{1} << 20;

/// The limit that the record asks for on this machine, on a file system of `size` bytes: diskSize,
/// or diskSizeRelative. Nothing: none. Errors: BAD_SIZE (the smallest size possible, or less than a
/// home needs).
sdk::Result<std::optional<std::uint64_t>> wanted_limit(const sdk::Record& record,
                                                       std::uint64_t size);

/// The limit that a resize should set: `bytes`, or what HEARTH_RESIZE_* say. Nothing: it may not go
/// that way, and stays as it is. Errors: BAD_SIZE (less than what is used).
sdk::Result<std::optional<std::uint64_t>> choose_limit(const Count& count, const Capacity& around,
                                                       std::uint64_t bytes, hearth_flags flags);

/// How a home without any count, or with one, looks from outside.
void put_usage(const Capacity& around, hearth_usage& out);
void put_usage(const Count& count, const Capacity& around, hearth_usage& out);

}  // namespace hearth::shared
