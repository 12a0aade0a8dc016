// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hearth::service {

/// One of the homes among which a disk is divided. Sizes are bytes on that disk.
struct Share {
    std::string user;
    std::uint64_t weight = 0;  ///< 1 to 10000
    std::uint64_t size = 0;    ///< what the home takes now
    std::uint64_t free = 0;    ///< as much of that is free in it
    bool can_shrink = false;
};

/// A home that is to have another size.
struct NewSize {
    std::string user;
    std::uint64_t from = 0;
    std::uint64_t to = 0;

    bool operator==(const NewSize&) const = default;
};

/// What the disk itself counts, beside homes that count 100 each if nobody says otherwise: so much
/// stays free for everything else on it.
inline constexpr std::uint64_t kDiskWeight = 20;

/// Divides all that is free, on the disk (`free`) and in the homes, by weight. No home gets less
/// than what is in it and a reserve, or less than it has if it cannot shrink; what that takes, the
/// others share. Those that shrink come first, so that there is room when the others grow; of
/// these only those for which it is worth it. Nothing: every home has its size, but for a little.
/// The order of the homes does not matter.
[[nodiscard]] std::vector<NewSize> divide(std::uint64_t free, std::vector<Share> homes);

/// When to look again, in microseconds: soon where a home has little room left, 1 to 15 minutes.
[[nodiscard]] std::uint64_t next_division_usec(std::uint64_t least_free);

}  // namespace hearth::service
