// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::homectl {

/// Text of the command line to numbers. Each returns nothing for text that it does not accept, and
/// none looks at the locale.

[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view text,
                                                          unsigned base = 10);
[[nodiscard]] std::optional<std::int64_t> parse_signed(std::string_view text);

/// Bytes: a number, with a fraction if wanted, and B, K, M, G, T, P or E (each 1024 times the one
/// before).
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// "35%" (also per mille and per ten thousand) as a share of 2^32-1, which is 100 %.
[[nodiscard]] std::optional<std::uint64_t> parse_share(std::string_view text);

/// A time span in microseconds: "1h 30min", "2d", "500ms", "infinity"; a bare number counts
/// seconds.
[[nodiscard]] std::optional<std::uint64_t> parse_span(std::string_view text);

/// A point in time in microseconds since 1970: "2027-01-31", "2027-01-31 18:30:00 UTC", "18:30",
/// "today", "tomorrow", "now", "+3d", "2h ago", "@1800000000". `now` is the present in the same
/// unit; without a zone local time is meant.
[[nodiscard]] std::optional<std::uint64_t> parse_timestamp(std::string_view text,
                                                           std::uint64_t now);

/// The present, in microseconds since 1970.
[[nodiscard]] std::uint64_t now_usec();

constexpr std::uint64_t kInfinity = ~std::uint64_t{0};
constexpr std::uint64_t kShareOfAll = 0xFFFFFFFF;

}  // namespace hearth::homectl
