// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::fscrypt {

using Bytes = std::vector<std::uint8_t>;

/// Base64 with the standard alphabet and padding; nothing if the text is anything but the one
/// spelling of its bytes. Not for secrets.
std::optional<Bytes> decode_base64(std::string_view text);
std::string encode_base64(std::span<const std::uint8_t> bytes);

}  // namespace hearth::fscrypt
