// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace hearth::homectl {

/// "1.5G": to one decimal, as people read it.
[[nodiscard]] std::string format_size(std::uint64_t bytes);
/// "1h 30min": a span of microseconds, its two largest units. The largest number is "infinity".
[[nodiscard]] std::string format_span(std::uint64_t usec);
/// "Sat 2026-11-21 03:10:00 UTC" in local time.
[[nodiscard]] std::string format_timestamp(std::uint64_t usec);
/// Four digits with a leading zero: "0700".
[[nodiscard]] std::string format_mode(std::uint64_t mode);
/// "35.0%" of a share whose whole is 2^32-1.
[[nodiscard]] std::string format_share(std::uint64_t share);

}  // namespace hearth::homectl
