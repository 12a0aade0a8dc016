// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/host_secrets.h>

#include <cstdint>
#include <vector>

#include "core/secret/secret.hpp"

namespace hearth::secret {

/// What the caller of an operation supplied to prove who they are. Owned by the operation, wiped
/// with it.
struct Secrets {
    std::vector<Secret> passwords;
    /// As typed: recovery_key.hpp normalizes them.
    std::vector<Secret> recovery_keys;
    /// What tokens gave out, as base64 text: the form in which it is hashed and unlocks a medium.
    std::vector<Secret> token_secrets;
    /// For tokens only; never tried as a password.
    std::vector<Secret> pins;
    /// What the person agreed to: HEARTH_PERMIT_* of the plugin ABI.
    std::uint64_t permissions = 0;

    /// The same once more. Error: secret-memory.
    [[nodiscard]] Result<Secrets> clone() const;
    [[nodiscard]] bool empty() const {
        return passwords.empty() && recovery_keys.empty() && token_secrets.empty() && pins.empty();
    }
};

}  // namespace hearth::secret
