// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace hearth::system {

/// The time of day in microseconds since 1970, as records and status fields hold it.
std::uint64_t now_usec();
/// Microseconds of a clock that nobody sets, for measuring and for deadlines.
std::uint64_t monotonic_usec();

}  // namespace hearth::system
