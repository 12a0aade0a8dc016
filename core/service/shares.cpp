// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/shares.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>

namespace hearth::service {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargest = 5 * kMiB * kMiB;
/// What is left free in a home that gives away what it can: this, or a tenth of what is in it.
constexpr std::uint64_t kReserve = 64 * kMiB;
constexpr std::uint64_t kMinute = 60'000'000;

/// A home while the room is divided.
struct Part {
    const Share* home;
    std::uint64_t used;
    std::uint64_t least;
    bool settled = false;  ///< it gets the least
};

Part part_of(const Share& home) {
    const std::uint64_t used = home.size - std::min(home.size, home.free);
    const std::uint64_t wanted = used + std::max(kReserve, used / 10);
    // Nobody takes from others to have its reserve.
    return {&home, used, home.can_shrink ? std::min(home.size, wanted) : home.size};
}

/// Without a product that could overflow.
std::uint64_t portion(std::uint64_t room, std::uint64_t weight, std::uint64_t all) {
    return room / all * weight + room % all * weight / all;
}

/// One round with what is left for those that are not settled.
struct Round {
    std::uint64_t room = 0;
    std::uint64_t weights = kDiskWeight;

    Round(std::uint64_t total, const std::vector<Part>& parts) : room(total) {
        for (const Part& part : parts) {
            room -= part.settled ? part.least : part.used;
            if (!part.settled) weights += part.home->weight;
        }
    }
    [[nodiscard]] std::uint64_t goal(const Part& part) const {
        return part.used + portion(room, part.home->weight, weights);
    }
};

/// Each home that would get too little gets its least; that leaves less for the others, of which
/// some may get too little then.
Round settle(std::uint64_t total, std::vector<Part>& parts) {
    for (;;) {
        const Round round(total, parts);
        bool more = false;
        for (Part& part : parts) {
            if (part.settled || round.goal(part) >= part.least) continue;
            part.settled = more = true;
        }
        if (!more) return round;
    }
}

std::uint64_t size_of(const Part& part, const Round& round) {
    if (part.settled) return part.least;
    const std::uint64_t goal = std::min(round.goal(part), std::max(kLargest, part.least));
    return std::max(goal / kMiB * kMiB, part.least);
}

bool is_worth_it(const NewSize& change) {
    const std::uint64_t moved = std::max(change.from, change.to) - std::min(change.from, change.to);
    return moved >= std::max(change.from / 20, 16 * kMiB);
}

}  // namespace

std::vector<NewSize> divide(std::uint64_t free, std::vector<Share> homes) {
    std::sort(homes.begin(), homes.end(), [](const Share& a, const Share& b) {
        return std::tie(a.weight, a.user) < std::tie(b.weight, b.user);
    });
    std::vector<Part> parts;
    for (const Share& home : homes) parts.push_back(part_of(home));
    const std::uint64_t total =
        std::accumulate(homes.begin(), homes.end(), free,
                        [](std::uint64_t sum, const Share& home) { return sum + home.size; });
    const Round round = settle(total, parts);
    std::vector<NewSize> smaller;
    std::vector<NewSize> larger;
    for (const Part& part : parts) {
        const NewSize change{part.home->user, part.home->size, size_of(part, round)};
        if (change.to < change.from) smaller.push_back(change);
        if (change.to > change.from && is_worth_it(change)) larger.push_back(change);
    }
    if (larger.empty() && std::none_of(smaller.begin(), smaller.end(), is_worth_it)) return {};
    smaller.insert(smaller.end(), larger.begin(), larger.end());
    return smaller;
}

std::uint64_t next_division_usec(std::uint64_t least_free) {
    const auto power = static_cast<std::uint64_t>(std::bit_width(least_free));
    const std::uint64_t wanted = power <= 23 ? 0 : (power - 23) * 15 * kMinute / 26;
    return std::clamp(wanted, kMinute, 15 * kMinute);
}

}  // namespace hearth::service
