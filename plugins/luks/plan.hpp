// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "luks_volume.hpp"

namespace hearth::luks {

/// A change of passwords on its way: what recovery needs, and no secret. Until it is finished both
/// kinds of slots are there.
struct Plan {
    std::vector<KeySlot> going;  ///< slots of old passwords
    std::vector<KeySlot> kept;   ///< slots that stay: of a recovery key, say
    std::vector<KeySlot> added;  ///< known once they are all there

    bool operator==(const Plan&) const = default;
};

/// As a note for the journal: a line for each slot, "old 0 0123456789abcdef".
std::string to_note(const Plan& plan);
/// Errors: CORRUPT.
sdk::Result<Plan> parse_plan(std::string_view note);

/// Which slots go when the change holds: the old ones, provided that every new one is there. Nobody
/// else's: another machine may have changed the passwords meanwhile.
std::vector<KeySlot> to_drop_after(const Plan& plan, const std::vector<KeySlot>& there);
/// Which slots go when it is undone: the new ones, provided that every old one is there.
std::vector<KeySlot> to_drop_undoing(const Plan& plan, const std::vector<KeySlot>& there);

}  // namespace hearth::luks
