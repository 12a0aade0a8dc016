// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "luks_volume.hpp"

// Key slots do not say whose they are. A token in the header does, so that a slot can stay while
// its owner's secret is somewhere else. Other tools leave it alone, and know nothing of it: what it
// says counts only as long as the slot has the salt that it was written for.

namespace hearth::luks {

inline constexpr const char* kOwnersType = "hearth-slot-owners";

/// For the mark of a slot, the beginning of what the host calls its credential by (hex digits).
using SlotOwners = std::map<std::string, std::string>;

std::string owner_of(const hearth_credential& credential);
/// The slot of a credential among those that are there, or nullptr: it is not known.
const KeySlot* slot_of(const hearth_credential& credential, const std::vector<KeySlot>& there,
                       const SlotOwners& owners);

/// The token's JSON, with what is said of slots that are there.
std::string to_json(const SlotOwners& owners, const std::vector<KeySlot>& there);
/// What is damaged tells nothing.
SlotOwners parse_owners(std::string_view json);
/// What the header says.
SlotOwners owners_in(const LuksVolume& volume);

}  // namespace hearth::luks
