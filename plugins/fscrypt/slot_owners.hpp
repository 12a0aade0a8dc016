// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "plan.hpp"

// Slots do not say whose they are. An attribute beside them does, so that a slot can stay while its
// owner's secret is somewhere else. Other tools leave it alone and know nothing of it: a line
// counts only as long as its slot is the one that it was written for.

namespace hearth::fscrypt {

/// The beginning of what the host calls a credential by.
using OwnerId = std::array<std::uint8_t, 8>;

struct SlotOwner {
    SlotMark mark;
    OwnerId id{};

    bool operator==(const SlotOwner&) const = default;
};

OwnerId owner_id(const hearth_credential& credential);

/// A line for each slot: "0 0123456789abcdef 0123456789abcdef".
std::string to_text(const std::vector<SlotOwner>& owners);
/// Lines that are damaged tell nothing.
std::vector<SlotOwner> parse_owners(std::string_view text);

/// Nothing is known of a folder without the attribute.
std::vector<SlotOwner> read_owners(int folder);
/// Without room for it the slots serve as well, but only as long as all secrets are at hand.
void write_owners(int folder, const std::vector<SlotOwner>& owners);

}  // namespace hearth::fscrypt
