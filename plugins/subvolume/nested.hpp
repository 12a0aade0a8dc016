// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hearth::subvolume {

/// A subvolume inside another one, and how to get there.
struct Nested {
    std::uint64_t id;
    std::size_t parent;    ///< its place in the list, or kTop
    std::uint64_t folder;  ///< the inode of the folder that it is in
    std::string name;      ///< in that folder
};
inline constexpr std::size_t kTop = SIZE_MAX;

/// All subvolumes inside an open one, each after the one that it is in.
sdk::Result<std::vector<Nested>> find_nested(int top);

/// The names on the way from the top of a subvolume to one of its folders, whatever their length
/// together. Any file of the file system will do as `fd`.
sdk::Result<std::vector<std::string>> way_to(int fd, std::uint64_t subvolume, std::uint64_t folder);

}  // namespace hearth::subvolume
