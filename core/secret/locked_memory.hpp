// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>

namespace hearth::secret {

/// Zeroed memory that is locked, left out of core dumps and zeroed in forked children. Empty: the
/// limit on locked memory is reached. Only Secret calls these. Any thread.
std::span<std::byte> allocate_locked(std::size_t size) noexcept;
/// Wipes and gives back what allocate_locked(size) returned.
void release_locked(std::byte* memory, std::size_t size) noexcept;

}  // namespace hearth::secret
