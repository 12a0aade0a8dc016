// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/home/root.hpp"

namespace hearth::discovery {

/// A partition, as udevd knows it.
struct Partition {
    std::string type;   ///< UUID of its type in the table, in small letters
    std::string label;  ///< its name in the table
    std::string uuid;   ///< of what is on it: names it whatever the device is called
};

/// All partitions that have all three; none where no udevd runs.
std::vector<Partition> find_partitions(const home::Root& root);

/// The same for the text of one entry of udevd's database.
Partition read_partition(std::string_view entry);

}  // namespace hearth::discovery
