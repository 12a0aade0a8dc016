// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// The record that travels in the LUKS2 header, as a token: encrypted with the volume key, so that
// it says nothing about the owner until the home is open.

namespace hearth::luks {

inline constexpr const char* kTokenType = "systemd-homed";

/// How the text is encrypted: as the volume is. "aes", "xts-plain64", and the key itself.
struct TokenCipher {
    std::string cipher;
    std::string mode;
    std::span<const std::byte> key;
};

/// Is there such a cipher for keys of this size? Errors: BACKEND_UNAVAILABLE.
sdk::Result<void> check_cipher(const std::string& cipher, const std::string& mode,
                               std::size_t key_size);

/// The token's JSON. Errors: BACKEND_UNAVAILABLE, INVALID_ARGUMENT (too short to be a record).
sdk::Result<std::string> seal_token(std::string_view text, const TokenCipher& with);
/// The text. Errors: CORRUPT, BACKEND_UNAVAILABLE.
sdk::Result<std::string> open_token(std::string_view json, const TokenCipher& with);

}  // namespace hearth::luks
