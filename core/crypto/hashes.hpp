// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hearth::crypto {

using Sha256 = std::array<unsigned char, 32>;
using SipKey = std::array<unsigned char, 16>;

Sha256 sha256(std::string_view bytes);

/// SipHash-2-4, as the number whose little-endian bytes the hash is.
std::uint64_t siphash24(std::string_view bytes, const SipKey& key);

}  // namespace hearth::crypto
