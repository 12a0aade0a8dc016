// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "gpt.hpp"
#include "gpt_format.hpp"

namespace hearth::luks {

namespace {

namespace at = gpt::at;
using gpt::put;

constexpr std::size_t kEntriesBytes = gpt::kEntrySize * gpt::kEntryCount;

std::uint64_t entry_sectors(std::uint32_t sector_size) {
    return (kEntriesBytes + sector_size - 1) / sector_size;
}

std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
    return (value + unit - 1) / unit * unit;
}

void put_uuid(std::span<std::uint8_t> bytes, std::size_t offset, const Uuid& uuid) {
    const Uuid raw = swap_fields(uuid);
    std::copy(raw.bytes.begin(), raw.bytes.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

Bytes entries_of(const Table& table) {
    Bytes out(kEntriesBytes);
    for (const Partition& one : table.partitions) {
        if (one.slot >= gpt::kEntryCount) continue;
        const auto bytes = std::span(out).subspan(one.slot * gpt::kEntrySize, gpt::kEntrySize);
        put_uuid(bytes, gpt::entry::kType, one.type);
        put_uuid(bytes, gpt::entry::kId, one.id);
        put(bytes, gpt::entry::kFirst, one.first);
        put(bytes, gpt::entry::kLast, one.last);
        put(bytes, gpt::entry::kAttributes, one.attributes);
        gpt::name_to_utf16(one.name, bytes.subspan(gpt::entry::kName, 2 * gpt::kNameUnits));
    }
    return out;
}

struct Places {
    std::uint64_t own, other, entries;
};

Bytes header_of(const Table& table, const Places& places, std::span<const std::uint8_t> entries) {
    Bytes out(table.sector_size);
    const std::span bytes(out);
    std::copy(gpt::kSignature.begin(), gpt::kSignature.end(), out.begin());
    put(bytes, at::kRevision, gpt::kRevision);
    put(bytes, at::kHeaderSize, static_cast<std::uint32_t>(gpt::kHeaderSize));
    put(bytes, at::kOwnSector, places.own);
    put(bytes, at::kOtherSector, places.other);
    put(bytes, at::kFirstUsable, table.first_usable);
    put(bytes, at::kLastUsable, table.last_usable);
    put_uuid(bytes, at::kDisk, table.disk);
    put(bytes, at::kEntriesSector, places.entries);
    put(bytes, at::kEntryCount, static_cast<std::uint32_t>(gpt::kEntryCount));
    put(bytes, at::kEntrySize, static_cast<std::uint32_t>(gpt::kEntrySize));
    put(bytes, at::kEntriesCrc, gpt::crc32(entries));
    put(bytes, at::kHeaderCrc, gpt::crc32(bytes.first(gpt::kHeaderSize)));
    return out;
}

/// Tells programs that know nothing of such tables that the medium is full.
void put_protective_mbr(std::span<std::uint8_t> sector, std::uint64_t sectors) {
    constexpr std::size_t kFirstEntry = 446;
    constexpr std::uint8_t kProtective = 0xEE;
    const auto entry = sector.subspan(kFirstEntry, 16);
    entry[2] = 2;
    entry[4] = kProtective;
    entry[5] = entry[6] = entry[7] = 0xFF;
    put(entry, 8, std::uint32_t{1});
    put(entry, 12, static_cast<std::uint32_t>(std::min<std::uint64_t>(sectors - 1, 0xFFFFFFFFU)));
    sector[510] = 0x55;
    sector[511] = 0xAA;
}

}  // namespace

Uuid home_partition_type() {
    return *parse_uuid("773f91ef-66d4-49b5-bd83-d683bf40ad16");
}

sdk::Result<void> fit_table(Table& table, std::uint64_t size) {
    const std::uint64_t sectors = size / table.sector_size;
    const std::uint64_t around = entry_sectors(table.sector_size);
    if (sectors < 2 * around + 4)
        return sdk::Error(HEARTH_E_BAD_SIZE, "the size has no room for a partition table");
    table.first_usable = 2 + around;
    table.last_usable = sectors - around - 2;
    return sdk::ok();
}

sdk::Result<Table> plan_table(std::uint64_t size, std::uint32_t sector_size, const Uuid& disk,
                              const std::string& name, const Uuid& id) {
    Table table;
    table.sector_size = sector_size;
    table.disk = disk;
    HEARTH_SDK_CHECK(fit_table(table, size));
    const std::uint64_t begin = round_up(table.first_usable * sector_size, gpt::kMiB);
    const std::uint64_t end = (table.last_usable + 1) * sector_size / gpt::kMiB * gpt::kMiB;
    if (end <= begin) return sdk::Error(HEARTH_E_BAD_SIZE, "the size has no room for a partition");
    table.partitions.push_back(
        {home_partition_type(), id, begin / sector_size, end / sector_size - 1, 0, name, 0});
    return table;
}

TableBytes to_bytes(const Table& table, std::uint64_t size) {
    const std::uint64_t sectors = size / table.sector_size;
    const std::uint64_t around = entry_sectors(table.sector_size);
    const Bytes entries = entries_of(table);
    TableBytes out;
    out.head.assign((2 + around) * table.sector_size, 0);
    put_protective_mbr(out.head, sectors);
    const Bytes first = header_of(table, {1, sectors - 1, 2}, entries);
    std::copy(first.begin(), first.end(), out.head.begin() + table.sector_size);
    std::copy(entries.begin(), entries.end(), out.head.begin() + 2 * table.sector_size);

    out.tail = entries;
    out.tail.resize(around * table.sector_size);
    const Bytes second = header_of(table, {sectors - 1, 1, sectors - 1 - around}, entries);
    out.tail.insert(out.tail.end(), second.begin(), second.end());
    out.tail_offset = (sectors - 1 - around) * table.sector_size;
    return out;
}

}  // namespace hearth::luks
