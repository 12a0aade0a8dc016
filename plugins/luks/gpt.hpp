// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io.hpp"
#include "uuid.hpp"

// The partition table of an image. Whoever made the image may be hostile: everything that is read
// is checked against the medium's size and the table's own checksums before it is used.

namespace hearth::luks {

struct Partition {
    Uuid type;
    Uuid id;
    std::uint64_t first = 0;  ///< sectors of the table
    std::uint64_t last = 0;   ///< inclusive
    std::uint64_t attributes = 0;
    std::string name;  ///< UTF-8
    std::size_t slot = 0;

    bool operator==(const Partition&) const = default;
};

struct Table {
    std::uint32_t sector_size = 512;
    Uuid disk;
    std::uint64_t first_usable = 0;
    std::uint64_t last_usable = 0;
    std::vector<Partition> partitions;

    bool operator==(const Table&) const = default;
};

/// A stretch of a medium, in bytes.
struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;

    bool operator==(const Extent&) const = default;
};

/// What has to be written to have a table: its two copies, of which the first begins at 0.
struct TableBytes {
    Bytes head;
    Bytes tail;
    std::uint64_t tail_offset = 0;
};

/// The type of partitions that hold a home.
Uuid home_partition_type();

/// Is there a partition table at all, whole or not?
bool has_table(const ReadAt& read, std::uint64_t size);
/// Errors: CORRUPT, in words that say what is wrong: none, damaged, only its backup is whole, cut
/// off.
sdk::Result<Table> parse_table(const ReadAt& read, std::uint64_t size);

/// The two copies of a table, of which the second ends where the medium does.
enum class TableCopy { first, second };
/// One of them alone. Errors: CORRUPT.
sdk::Result<Table> parse_copy(const ReadAt& read, std::uint64_t size, TableCopy which);
/// How large the medium is, as the first copy says; 0: it is not whole. A larger one is allowed: a
/// change of the size may have been interrupted.
std::uint64_t size_said(const ReadAt& read, std::uint64_t size);

/// The one partition of the right type and name (and id, if one is given). Errors: CORRUPT (none,
/// or more than one).
sdk::Result<Partition> find_home(const Table& table, const std::string& name,
                                 const std::optional<Uuid>& id);
Extent extent_of(const Table& table, const Partition& partition);

/// The table of a new image: one partition over all of it, from MiB to MiB. Errors: BAD_SIZE.
sdk::Result<Table> plan_table(std::uint64_t size, std::uint32_t sector_size, const Uuid& disk,
                              const std::string& name, const Uuid& id);
/// The usable sectors of a medium of another size. Errors: BAD_SIZE.
sdk::Result<void> fit_table(Table& table, std::uint64_t size);
/// The table as it lies on a medium of `size` bytes.
TableBytes to_bytes(const Table& table, std::uint64_t size);

}  // namespace hearth::luks
