// SPDX-License-Identifier: LGPL-2.1-or-later
#include "resize_steps.hpp"

namespace hearth::luks {

namespace {

/// The second copy first: until the first is whole again, it is the one that holds.
sdk::Result<void> write_tables(Ground& ground, const Shape& shape) {
    if (!shape.table) return sdk::ok();
    const TableBytes bytes = to_bytes(*shape.table, shape.image);
    HEARTH_SDK_CHECK(ground.write(bytes.tail_offset, bytes.tail));
    HEARTH_SDK_CHECK(ground.sync());
    HEARTH_SDK_CHECK(ground.write(0, bytes.head));
    return ground.sync();
}

sdk::Result<Table> first_table(Ground& ground, std::uint64_t length, const SizeChange& change) {
    if (auto table = parse_copy(ground.reader(), length, TableCopy::first)) return table;
    for (const std::uint64_t size : {change.to, change.from}) {
        if (size > length) continue;
        auto table = parse_copy(ground.reader(), size, TableCopy::second);
        if (!table) continue;
        HEARTH_SDK_CHECK(ground.write(0, to_bytes(*table, size).head));
        HEARTH_SDK_CHECK(ground.sync());
        return table;
    }
    return parse_table(ground.reader(), length);
}

sdk::Result<void> mend_second(Ground& ground, const Table& table, std::uint64_t size) {
    const auto second = parse_copy(ground.reader(), size, TableCopy::second);
    if (second && *second == table) return sdk::ok();
    const TableBytes bytes = to_bytes(table, size);
    HEARTH_SDK_CHECK(ground.write(bytes.tail_offset, bytes.tail));
    return ground.sync();
}

}  // namespace

sdk::Result<void> grow(Ground& ground, const Shape& from, const Shape& to) {
    if (!(from == to)) {
        HEARTH_SDK_CHECK(ground.set_length(to.image));
        HEARTH_SDK_CHECK(ground.sync());
        HEARTH_SDK_CHECK(write_tables(ground, to));
    }
    HEARTH_SDK_CHECK(ground.set_devices(from.volume, to.volume));
    return ground.set_file_system(to.volume);
}

sdk::Result<void> shrink(Ground& ground, const Shape& from, const Shape& to) {
    HEARTH_SDK_CHECK(ground.set_file_system(to.volume));
    HEARTH_SDK_CHECK(ground.set_devices(from.volume, to.volume));
    HEARTH_SDK_CHECK(write_tables(ground, to));
    HEARTH_SDK_CHECK(ground.set_length(to.image));
    return ground.sync();
}

sdk::Result<void> mend(Ground& ground, const SizeChange& change) {
    HEARTH_SDK_TRY(length, ground.length());
    // Without a table the file itself says how large the volume is.
    if (!has_table(ground.reader(), length)) return sdk::ok();
    HEARTH_SDK_TRY(table, first_table(ground, length, change));
    const std::uint64_t size = size_said(ground.reader(), length);
    const auto whole = [&](std::uint64_t bytes) {
        return bytes / table.sector_size * table.sector_size;
    };
    if (size != whole(change.from) && size != whole(change.to)) return sdk::ok();
    HEARTH_SDK_CHECK(mend_second(ground, table, size));
    if (length <= size) return sdk::ok();
    HEARTH_SDK_CHECK(ground.set_length(size));
    return ground.sync();
}

}  // namespace hearth::luks
