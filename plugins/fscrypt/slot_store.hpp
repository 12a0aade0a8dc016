// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth::fscrypt {

/// Every slot costs a key derivation per password; a hostile medium must not have thousands.
inline constexpr std::size_t kMaxSlots = 32;

/// A slot as it lies on the folder of a home, readable without any key.
struct StoredSlot {
    std::uint32_t number = 0;
    std::string text;
};

/// All slots of an open folder, by number; what is in them is not looked at. Errors: CORRUPT (too
/// many, or one is too long to be one).
sdk::Result<std::vector<StoredSlot>> read_slots(int folder);
/// Errors: HOME_EXISTS (the number is taken), NO_SPACE (there is no room for another slot).
sdk::Result<void> write_slot(int folder, const StoredSlot& slot);
/// A missing slot is no error.
sdk::Result<void> remove_slot(int folder, std::uint32_t number);

}  // namespace hearth::fscrypt
