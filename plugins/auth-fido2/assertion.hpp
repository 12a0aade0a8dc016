// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "device.hpp"
#include "entry.hpp"
#include "pin_tries.hpp"

namespace hearth::fido2 {

/// Whose keys are meant, as systemd-homed writes it.
inline constexpr const char* kRelyingParty = "io.systemd.home";
/// Nobody checks a signature: what is signed does not matter.
inline constexpr std::array<unsigned char, 32> kNothingToSign{};

/// Does the key have the credential? Without a touch or a PIN, so that keys of others are left
/// alone; true as well if only the question itself would tell.
sdk::Result<bool> may_have(sdk::Op op, Device& device, const Entry& entry);

/// The secret of the entry. What the entry leaves open is set to what the key asked for.
/// Errors: NEED_TOKEN (it is another key), NEED_PRESENCE, NEED_VERIFICATION (not permitted),
/// NEED_PIN, BAD_PIN*, PIN_LOCKED, TOKEN_TIMEOUT, NOT_SUPPORTED, IO, CANCELLED.
sdk::Result<sdk::Secret> reveal(sdk::Op op, Device& device, Entry& entry, PinTries& pins);

/// Errors: NEED_PRESENCE, NEED_VERIFICATION.
sdk::Result<void> need_permission(sdk::Op op, bool presence, bool verification);

}  // namespace hearth::fido2
