// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/service/registry.hpp"
#include "core/service/shares.hpp"

namespace hearth::service {

/// The disk below /home, as far as it is to be divided. Bytes.
struct Disk {
    /// What nobody has been promised: neither taken nor part of an image that has holes.
    std::uint64_t free = 0;
    /// Homes in images that are open, and whose size nobody has fixed.
    std::vector<Share> homes;
};

/// Does the storage of this name change the size of an open home by itself?
using CanRebalance = std::function<bool(const std::string& storage)>;

/// Looks at the kernel and the file system; touches no file of a home.
[[nodiscard]] Disk look_at_disk(const Registry& registry, const Surroundings& surroundings,
                                const CanRebalance& can_rebalance);

}  // namespace hearth::service
