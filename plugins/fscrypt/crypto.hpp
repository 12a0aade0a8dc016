// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "slot.hpp"

namespace hearth::fscrypt {

/// What encrypts a slot, made of a password: the caller keeps it in locked memory.
inline constexpr std::size_t kDerivedSize = 64;

using Secretly = std::span<std::byte>;
using SecretBytes = std::span<const std::byte>;

/// PBKDF2 with HMAC-SHA-512; tens or hundreds of milliseconds. `out` has kDerivedSize bytes.
sdk::Result<void> derive_key(std::string_view password, std::span<const std::uint8_t> salt,
                             std::uint32_t rounds, Secretly out);

/// Opens a slot with its derived key into `volume_key` (kVolumeKeySize bytes). False: the wrong
/// password, as far as the slot can tell; one of format v1 opens always, to something else.
sdk::Result<bool> open_slot(const Slot& slot, SecretBytes derived, Secretly volume_key);

/// Fills in iv, ciphertext and tag of a slot whose format is set.
sdk::Result<void> seal_slot(Slot& slot, SecretBytes derived, SecretBytes volume_key);

/// The names by which the kernel knows a volume key: of policies v1 and v2.
sdk::Result<std::array<std::uint8_t, 8>> key_descriptor(SecretBytes volume_key);
sdk::Result<std::array<std::uint8_t, 16>> key_identifier(SecretBytes volume_key);

/// The first 8 bytes of SHA-256.
sdk::Result<std::array<std::uint8_t, 8>> short_hash(std::string_view text);

/// Random bytes of key quality.
sdk::Result<void> fill_random(std::span<std::uint8_t> out);
sdk::Result<void> fill_random(Secretly out);

}  // namespace hearth::fscrypt
