// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::fscrypt {

/// One slot, known by its number and by what is in it: another machine may have reused the number
/// meanwhile.
struct SlotMark {
    std::uint32_t number = 0;
    std::array<std::uint8_t, 8> hash{};

    bool operator==(const SlotMark&) const = default;
};

/// A change of passwords on its way: what recovery needs, and no secret. Until it is finished both
/// kinds of slots are there.
struct Plan {
    std::vector<SlotMark> old_slots;
    std::vector<SlotMark> new_slots;
    /// Of credentials that stay: neither end of the change touches them.
    std::vector<SlotMark> kept_slots;

    bool operator==(const Plan&) const = default;
};

/// The plan as a note for the journal: a line for each slot, "old 0 0123456789abcdef", "new" and
/// "kept" likewise.
std::string to_note(const Plan& plan);
/// Errors: CORRUPT.
sdk::Result<Plan> parse_plan(std::string_view note);

}  // namespace hearth::fscrypt
