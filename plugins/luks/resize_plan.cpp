// SPDX-License-Identifier: LGPL-2.1-or-later
#include "resize_plan.hpp"

#include <algorithm>
#include <charconv>

#include "gpt_format.hpp"
#include "luks_header.hpp"

namespace hearth::luks {

namespace {

using gpt::kMiB;
constexpr std::uint64_t kLargest = std::uint64_t{5} << 40;
constexpr std::string_view kSize = "size ";

std::uint64_t down(std::uint64_t value) {
    return value / kMiB * kMiB;
}

std::uint64_t up(std::uint64_t value) {
    return down(value + kMiB - 1);
}

std::string in_mib(std::uint64_t bytes) {
    return std::to_string(up(bytes) / kMiB) + "M";
}

sdk::Error fixed(const char* why) {
    return {HEARTH_E_NOT_SUPPORTED, std::string("the size of the image is fixed: ") + why};
}

/// What our way of writing a table would lose.
bool is_foreign(const Table& table, std::uint64_t first_usable) {
    return std::any_of(table.partitions.begin(), table.partitions.end(), [&](const Partition& one) {
        return one.slot >= gpt::kEntryCount || one.first < first_usable;
    });
}

sdk::Result<void> fit_partition(Table& table, std::uint64_t offset) {
    const std::uint64_t first = offset / table.sector_size;
    const std::uint64_t end = down((table.last_usable + 1) * table.sector_size);
    if (is_foreign(table, table.first_usable))
        return fixed("its partition table is of a rare kind");
    for (Partition& one : table.partitions) {
        if (one.first > first) return fixed("a partition lies behind the home's");
        if (one.first != first) continue;
        if (end < offset + kMiB)
            return sdk::Error(HEARTH_E_BAD_SIZE, "the size has no room for the partition");
        one.last = end / table.sector_size - 1;
    }
    return sdk::ok();
}

std::optional<std::uint64_t> take_number(std::string_view& text, char end) {
    std::uint64_t value = 0;
    const auto [at, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto used = static_cast<std::size_t>(at - text.data());
    if (wrong != std::errc() || used >= text.size() || *at != end) return std::nullopt;
    text.remove_prefix(used + 1);
    return value;
}

sdk::Error too_small(std::uint64_t wanted, std::uint64_t floor) {
    return {HEARTH_E_BAD_SIZE, "the image cannot be made as small as " + in_mib(wanted) +
                                   ": what is in it needs " + in_mib(floor)};
}

sdk::Error too_large(std::uint64_t wanted, std::uint64_t ceiling) {
    return {HEARTH_E_NO_SPACE, "an image of " + in_mib(wanted) +
                                   " does not fit on the disk around it, which has room for " +
                                   std::to_string(ceiling / kMiB) + "M"};
}

}  // namespace

sdk::Result<Shape> shape_of(const ReadAt& read, std::uint64_t size, const Settings& settings) {
    Shape out{size, {0, size}, std::nullopt};
    if (!has_table(read, size) && look_at_header(read, out.volume) != HeaderKind::none) return out;
    HEARTH_SDK_TRY(table, parse_table(read, size));
    HEARTH_SDK_TRY(home, find_home(table, settings.label, settings.partition_id));
    out.volume = extent_of(table, home);
    out.table = std::move(table);
    return out;
}

sdk::Result<Shape> with_size(const Shape& now, std::uint64_t image) {
    Shape out = now;
    out.image = image;
    if (!out.table) {
        out.volume.size = image;
        return out;
    }
    HEARTH_SDK_CHECK(fit_table(*out.table, image));
    HEARTH_SDK_CHECK(fit_partition(*out.table, now.volume.offset));
    for (const Partition& one : out.table->partitions)
        if (one.first * out.table->sector_size == now.volume.offset)
            out.volume = extent_of(*out.table, one);
    return out;
}

sdk::Result<std::uint64_t> choose_goal(std::uint64_t bytes, hearth_flags flags,
                                       const Bounds& bounds) {
    const std::uint64_t floor = up(bounds.floor);
    std::uint64_t goal = down(bytes);
    if ((flags & HEARTH_RESIZE_MIN) != 0) goal = std::min(floor, bounds.now);
    if ((flags & HEARTH_RESIZE_MAX) != 0) goal = std::max(bounds.ceiling, bounds.now);
    // As good as that, and as it is.
    if (goal == down(bounds.now)) return bounds.now;
    const bool unwanted = goal > bounds.now ? (flags & HEARTH_RESIZE_SHRINK_ONLY) != 0
                                            : (flags & HEARTH_RESIZE_GROW_ONLY) != 0;
    if (unwanted) return bounds.now;
    if (goal < bounds.now && goal < floor) return too_small(bytes, floor);
    if (goal > bounds.now && goal > bounds.ceiling) return too_large(bytes, bounds.ceiling);
    return goal;
}

std::uint64_t ceiling_of(std::uint64_t taken, std::uint64_t available) {
    const std::uint64_t kept = std::max(16 * kMiB, available / 50);
    return std::min(down(taken + available - std::min(kept, available)), kLargest);
}

std::string to_note(const SizeChange& change) {
    return std::string(kSize) + std::to_string(change.from) + " " + std::to_string(change.to) +
           "\n";
}

std::optional<SizeChange> parse_size_change(std::string_view note) {
    if (!note.starts_with(kSize)) return std::nullopt;
    note.remove_prefix(kSize.size());
    const auto from = take_number(note, ' ');
    const auto to = from ? take_number(note, '\n') : std::nullopt;
    if (!to || !note.empty()) return std::nullopt;
    return SizeChange{*from, *to};
}

}  // namespace hearth::luks
