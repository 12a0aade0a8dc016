// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <array>
#include <cstdint>
#include <optional>

#include "crypto.hpp"

namespace hearth::fscrypt {

/// How a folder is encrypted, as far as its key goes.
struct Policy {
    std::uint8_t version = 2;
    /// The name of the key: an identifier of 16 bytes, with version 1 a descriptor of 8.
    std::array<std::uint8_t, 16> key{};

    bool operator==(const Policy&) const = default;
};

/// The policy of that version for a volume key.
sdk::Result<Policy> policy_for(SecretBytes volume_key, std::uint8_t version);
/// Is this the key of the policy?
[[nodiscard]] bool is_key_of(const Policy& policy, SecretBytes volume_key);

/// The policy of an open folder; nothing if it is not encrypted.
/// Errors: BACKEND_UNAVAILABLE (the file system cannot encrypt, and what to do about it), CORRUPT
/// (a policy of a version that is not known).
sdk::Result<std::optional<Policy>> read_policy(int folder);
/// Encrypts an empty folder and everything that is ever made in it. Its key must be in the kernel.
sdk::Result<void> set_policy(int folder, const Policy& policy);

}  // namespace hearth::fscrypt
