// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Bytes in records, as text.

namespace hearth::shared {

using Bytes = std::vector<std::uint8_t>;

/// With padding, in one line.
std::string to_base64(std::span<const std::uint8_t> bytes);

/// Nothing, unless to_base64() would write exactly this text.
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace hearth::shared
