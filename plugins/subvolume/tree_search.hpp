// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth::subvolume {

/// One item of a b-tree of btrfs, as it is on disk: little endian, packed.
struct TreeItem {
    std::uint64_t objectid;
    std::uint32_t type;
    std::uint64_t offset;
    std::vector<char> data;

    /// A number of 2 or 8 bytes at a place in it; 0 beyond its end.
    [[nodiscard]] std::uint64_t number(std::size_t at, std::size_t size) const;
    /// The text from a place on, at most `size` bytes.
    [[nodiscard]] std::string_view text(std::size_t at, std::size_t size) const;
};

/// All items of one object and type, whatever their offsets. `tree`: its number. As of the last
/// time that the file system was synced. Errors: NOT_SUPPORTED (there is no such tree).
sdk::Result<std::vector<TreeItem>> search_tree(int fd, std::uint64_t tree, std::uint64_t objectid,
                                               std::uint32_t type, std::uint64_t first_offset = 0,
                                               std::uint64_t last_offset = UINT64_MAX);

}  // namespace hearth::subvolume
