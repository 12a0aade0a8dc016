// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <optional>

#include "plugins/shared/limit.hpp"

namespace hearth::subvolume {

/// Makes btrfs count what its subvolumes hold, if it does not yet: it then goes through the whole
/// file system once, in the background. Errors: NOT_SUPPORTED.
sdk::Result<void> enable_quota(int fd);

/// Waits until what it counted can be relied on: no scan is on its way, and all is on disk. Says
/// how far it is. Errors: CANCELLED.
sdk::Result<void> settle_quota(sdk::Op op, int fd);

/// The limit on an open subvolume, which does not cover the subvolumes inside; 0: none. Set by way
/// of `dir`, a folder outside: one that is full has no room for changing its limit, either.
sdk::Result<void> set_limit(int dir, int subvolume, std::uint64_t bytes);

/// Limit and use of a subvolume. Nothing: btrfs does not count here.
sdk::Result<std::optional<shared::Count>> count_of(int subvolume);

/// Forgets the count of a subvolume that was deleted. Newer kernels do that by themselves, others
/// refuse it while they still clear up: neither matters.
void forget_count(int fd, std::uint64_t id);

}  // namespace hearth::subvolume
