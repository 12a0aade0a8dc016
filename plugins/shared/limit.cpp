// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/limit.hpp"

#include <sys/stat.h>
#include <sys/statfs.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string>

namespace hearth::shared {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kSmallest = 0;
constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kLargest = kNone - 1;
constexpr std::uint64_t kWhole = std::numeric_limits<std::uint32_t>::max();

std::uint64_t smallest_limit(const Count& count) {
    return (count.used + kRoom + kPage - 1) / kPage * kPage;
}

// Without a product that could overflow.
std::uint64_t share_of(std::uint64_t size, std::uint64_t share) {
    share = std::min(share, kWhole);
    return size / kWhole * share + size % kWhole * share / kWhole;
}

std::uint64_t asked_for(const sdk::Record& record, std::uint64_t size) {
    const std::uint64_t exact = record.number("/diskSize").value_or(kNone);
    if (exact == kLargest) return size;
    if (exact != kNone) return exact;
    const auto share = record.number("/diskSizeRelative");
    return share ? share_of(size, *share) : kNone;
}

sdk::Error too_small(const std::string& text) {
    return {HEARTH_E_BAD_SIZE, text};
}

}  // namespace

sdk::Result<Capacity> capacity_of(int fd) {
    struct statfs file_system {};
    if (fstatfs(fd, &file_system) != 0)
        return sdk::sys_error(errno, "the file system does not tell its size");
    const auto block = static_cast<std::uint64_t>(file_system.f_frsize);
    return Capacity{file_system.f_blocks * block, file_system.f_bavail * block};
}

sdk::Result<Capacity> capacity_around(int dir, int home) {
    struct stat outside {};
    struct stat inside {};
    if (fstat(dir, &outside) != 0 || fstat(home, &inside) != 0)
        return sdk::sys_error(errno, "the home cannot be looked at");
    return capacity_of(outside.st_dev == inside.st_dev ? dir : home);
}

sdk::Result<std::optional<std::uint64_t>> wanted_limit(const sdk::Record& record,
                                                       std::uint64_t size) {
    const std::uint64_t bytes = asked_for(record, size);
    if (bytes == kNone) return std::optional<std::uint64_t>();
    if (bytes == kSmallest)
        return too_small("a new home has no smallest size here: name one, as in --disk-size=10G");
    if (bytes < kRoom)
        return too_small("a home of " + std::to_string(bytes) +
                         " bytes would hold nothing: 1M is the least");
    return std::optional<std::uint64_t>(bytes);
}

sdk::Result<std::optional<std::uint64_t>> choose_limit(const Count& count, const Capacity& around,
                                                       std::uint64_t bytes, hearth_flags flags) {
    const std::uint64_t least = smallest_limit(count);
    if ((flags & HEARTH_RESIZE_MIN) != 0) bytes = least;
    if ((flags & HEARTH_RESIZE_MAX) != 0) bytes = std::max(around.size, least);
    const std::uint64_t now = count.limit == 0 ? kNone : count.limit;
    const bool unwanted = ((flags & HEARTH_RESIZE_GROW_ONLY) != 0 && bytes < now) ||
                          ((flags & HEARTH_RESIZE_SHRINK_ONLY) != 0 && bytes > now);
    if (unwanted) return std::optional<std::uint64_t>();
    if (bytes >= least) return std::optional(bytes);
    return too_small(std::to_string(count.used) + " bytes are in use, so that " +
                     std::to_string(least) + " is the smallest size, not " + std::to_string(bytes));
}

void put_usage(const Capacity& around, hearth_usage& out) {
    out.size = around.size;
    out.free = around.free;
}

void put_usage(const Count& count, const Capacity& around, hearth_usage& out) {
    put_usage(around, out);
    out.used = count.used;
    out.floor = smallest_limit(count);
    out.ceiling = std::max(around.size, out.floor);
    if (count.limit == 0) return;
    out.size = count.limit;
    out.free = std::min(around.free, count.limit - std::min(count.limit, count.used));
}

}  // namespace hearth::shared
