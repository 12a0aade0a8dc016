// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base64.hpp"

namespace hearth::fscrypt {

/// The two ways in which systemd-homed seals a volume key with a password.
enum class SlotFormat { v1, v2 };

inline constexpr std::size_t kVolumeKeySize = 64;
inline constexpr std::size_t kSaltSize = 64;
inline constexpr std::size_t kIvSize = 12;
inline constexpr std::size_t kTagSize = 16;
inline constexpr std::uint32_t kRoundsV1 = 65535;
inline constexpr std::uint32_t kRoundsV2 = 600000;
/// More than any release writes; a hostile medium must not keep a processor busy for ever.
inline constexpr std::uint32_t kMaxRounds = 50'000'000;
/// The largest slot that is read, in bytes of text.
inline constexpr std::size_t kMaxSlotText = 1024;

/// A volume key sealed with one password: the value of one extended attribute. Nothing in it is
/// secret.
struct Slot {
    SlotFormat format = SlotFormat::v2;
    std::uint32_t rounds = kRoundsV2;
    Bytes salt;
    Bytes iv;  // v2 only
    Bytes ciphertext;
    Bytes tag;  // v2 only
};

/// Reads a slot strictly. Errors: CORRUPT, naming what is wrong with it.
sdk::Result<Slot> parse_slot(std::string_view text);
std::string to_text(const Slot& slot);

}  // namespace hearth::fscrypt
