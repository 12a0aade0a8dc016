// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "gpt.hpp"
#include "gpt_format.hpp"

namespace hearth::luks {

namespace {

namespace at = gpt::at;
using gpt::get;

constexpr std::array<std::uint32_t, 4> kSectorSizes{512, 1024, 2048, 4096};
constexpr std::size_t kMostEntryBytes = std::size_t{256} << 10;

sdk::Error corrupt(std::string text) {
    return {HEARTH_E_CORRUPT, std::move(text)};
}

/// One of the two copies: its header, and its place.
struct Copy {
    Bytes header;
    std::uint32_t sector_size = 0;
    std::uint64_t sector = 0;
    std::uint64_t sectors = 0;  ///< of the medium
};

bool starts_copy(std::span<const std::uint8_t> sector) {
    return std::equal(gpt::kSignature.begin(), gpt::kSignature.end(), sector.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

std::optional<Copy> copy_at(const ReadAt& read, std::uint64_t size, std::uint32_t sector_size,
                            std::uint64_t sector) {
    Copy copy{Bytes(sector_size), sector_size, sector, size / sector_size};
    if (sector >= copy.sectors || !read(sector * sector_size, copy.header)) return std::nullopt;
    if (!starts_copy(copy.header)) return std::nullopt;
    return copy;
}

std::optional<Copy> find_copy(const ReadAt& read, std::uint64_t size, bool backup) {
    for (const std::uint32_t sector_size : kSectorSizes) {
        if (size / sector_size < 4) continue;
        const std::uint64_t sector = backup ? size / sector_size - 1 : 1;
        if (auto copy = copy_at(read, size, sector_size, sector)) return copy;
    }
    return std::nullopt;
}

bool header_is_whole(const Copy& copy) {
    const auto length = get<std::uint32_t>(copy.header, at::kHeaderSize);
    if (length < gpt::kHeaderSize || length > copy.header.size()) return false;
    Bytes plain(copy.header.begin(), copy.header.begin() + length);
    gpt::put(std::span(plain), at::kHeaderCrc, std::uint32_t{0});
    return get<std::uint32_t>(copy.header, at::kRevision) == gpt::kRevision &&
           get<std::uint32_t>(copy.header, at::kHeaderCrc) == gpt::crc32(plain) &&
           get<std::uint64_t>(copy.header, at::kOwnSector) == copy.sector;
}

/// Nothing: the entries are not where they could be, or their checksum is wrong.
std::optional<Bytes> entries_of(const ReadAt& read, const Copy& copy) {
    const std::uint64_t count = get<std::uint32_t>(copy.header, at::kEntryCount);
    const std::uint64_t size = get<std::uint32_t>(copy.header, at::kEntrySize);
    const auto sector = get<std::uint64_t>(copy.header, at::kEntriesSector);
    const bool sane = std::has_single_bit(size) && size >= gpt::kEntrySize &&
                      size <= kMostEntryBytes && count >= 1 && count <= kMostEntryBytes / size;
    if (!sane || sector < 2 || sector >= copy.sectors) return std::nullopt;
    const std::uint64_t room = (copy.sectors - sector) * copy.sector_size;
    if (count * size > room) return std::nullopt;
    Bytes entries(count * size);
    if (!read(sector * copy.sector_size, entries)) return std::nullopt;
    if (gpt::crc32(entries) != get<std::uint32_t>(copy.header, at::kEntriesCrc))
        return std::nullopt;
    return entries;
}

Uuid uuid_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
    Uuid raw;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), raw.bytes.size(),
                raw.bytes.begin());
    return swap_fields(raw);
}

Partition partition_of(std::span<const std::uint8_t> bytes, std::size_t slot) {
    Partition out;
    out.type = uuid_at(bytes, gpt::entry::kType);
    out.id = uuid_at(bytes, gpt::entry::kId);
    out.first = get<std::uint64_t>(bytes, gpt::entry::kFirst);
    out.last = get<std::uint64_t>(bytes, gpt::entry::kLast);
    out.attributes = get<std::uint64_t>(bytes, gpt::entry::kAttributes);
    out.name = gpt::name_from_utf16(bytes.subspan(gpt::entry::kName, 2 * gpt::kNameUnits));
    out.slot = slot;
    return out;
}

bool overlap(const Partition& left, const Partition& right) {
    return left.first <= right.last && right.first <= left.last;
}

sdk::Result<void> check(const Table& table, std::uint64_t sectors) {
    if (table.first_usable > table.last_usable)
        return corrupt("its partition table has no room for partitions");
    if (table.last_usable >= sectors)
        return corrupt("it is shorter than its partition table says: its end is missing");
    for (const Partition& one : table.partitions) {
        const bool inside = one.first <= one.last && one.first >= table.first_usable &&
                            one.last <= table.last_usable;
        if (!inside) return corrupt("a partition of it does not lie where partitions can lie");
        for (const Partition& other : table.partitions)
            if (&one != &other && overlap(one, other))
                return corrupt("two of its partitions overlap");
    }
    return sdk::ok();
}

sdk::Result<Table> table_of(const ReadAt& read, const Copy& copy) {
    const auto entries = header_is_whole(copy) ? entries_of(read, copy) : std::nullopt;
    if (!entries) return corrupt("its partition table is damaged");
    Table out;
    out.sector_size = copy.sector_size;
    out.disk = uuid_at(copy.header, at::kDisk);
    out.first_usable = get<std::uint64_t>(copy.header, at::kFirstUsable);
    out.last_usable = get<std::uint64_t>(copy.header, at::kLastUsable);
    const std::size_t size = get<std::uint32_t>(copy.header, at::kEntrySize);
    for (std::size_t slot = 0; slot * size < entries->size(); ++slot) {
        const auto bytes = std::span(*entries).subspan(slot * size, size);
        Partition one = partition_of(bytes, slot);
        if (!(one.type == Uuid{})) out.partitions.push_back(std::move(one));
    }
    HEARTH_SDK_CHECK(check(out, copy.sectors));
    return out;
}

/// The second copy lies at the very end, so that one that is missing there says that the end is.
bool is_cut_off(const Copy& first) {
    return get<std::uint64_t>(first.header, at::kOtherSector) >= first.sectors;
}

}  // namespace

bool has_table(const ReadAt& read, std::uint64_t size) {
    return find_copy(read, size, false) || find_copy(read, size, true);
}

sdk::Result<Table> parse_table(const ReadAt& read, std::uint64_t size) {
    const auto first = find_copy(read, size, false);
    if (first && header_is_whole(*first) && is_cut_off(*first))
        return corrupt("it is shorter than its partition table says: its end is missing");
    if (first) {
        if (auto table = table_of(read, *first)) return table;
    }
    const auto second = find_copy(read, size, true);
    if (second && table_of(read, *second))
        return corrupt(
            "its partition table is damaged, and only the backup at its end is whole: homectl "
            "repair writes it back");
    if (!first && !second)
        return corrupt("it has no partition table, and is no encrypted volume either");
    return first ? table_of(read, *first) : table_of(read, *second);
}

sdk::Result<Table> parse_copy(const ReadAt& read, std::uint64_t size, TableCopy which) {
    const auto copy = find_copy(read, size, which == TableCopy::second);
    if (!copy) return corrupt("it has no partition table");
    if (which == TableCopy::first && is_cut_off(*copy)) return corrupt("its end is missing");
    return table_of(read, *copy);
}

std::uint64_t size_said(const ReadAt& read, std::uint64_t size) {
    const auto first = find_copy(read, size, false);
    if (!first || !header_is_whole(*first)) return 0;
    return (get<std::uint64_t>(first->header, at::kOtherSector) + 1) * first->sector_size;
}

sdk::Result<Partition> find_home(const Table& table, const std::string& name,
                                 const std::optional<Uuid>& id) {
    const Partition* found = nullptr;
    bool any_of_type = false;
    for (const Partition& one : table.partitions) {
        if (!(one.type == home_partition_type())) continue;
        any_of_type = true;
        if (one.name != name || (id && !(one.id == *id))) continue;
        if (found != nullptr)
            return corrupt("two of its partitions say that they are the home of " + name);
        found = &one;
    }
    if (found != nullptr) return *found;
    if (!any_of_type) return corrupt("none of its partitions is of the type that homes have");
    return corrupt("none of its partitions is the home of " + name +
                   (id ? " with the identity " + to_text(*id) : ""));
}

Extent extent_of(const Table& table, const Partition& partition) {
    return {partition.first * table.sector_size,
            (partition.last - partition.first + 1) * table.sector_size};
}

}  // namespace hearth::luks
