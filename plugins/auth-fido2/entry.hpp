// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "plugins/shared/base64.hpp"

namespace hearth::fido2 {

using shared::Bytes;

/// One element of fido2HmacSalt, without its hash.
struct Entry {
    Bytes credential;  // the key's name for the key pair, or all of it, wrapped
    Bytes salt;        // kSaltSize bytes
    /// What was used when the secret was made, and changes it: a touch, the person recognized, the
    /// PIN. Records from before these were kept say nothing: what the key asks for, then.
    std::optional<bool> presence;
    std::optional<bool> verification;
    std::optional<bool> pin;

    bool operator==(const Entry&) const = default;
};

inline constexpr std::size_t kSaltSize = 32;

/// Errors: HEARTH_E_CORRUPT, and why.
sdk::Result<Entry> parse_entry(std::string_view json);

/// The entry as JSON in one line.
std::string to_json(const Entry& entry);

}  // namespace hearth::fido2
