// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <optional>
#include <vector>

#include "crypto.hpp"
#include "plan.hpp"
#include "slot_owners.hpp"
#include "slot_store.hpp"

// Slots for new passwords beside those for the old ones. Whatever the instant at which the power
// goes, one set of them is complete.

namespace hearth::fscrypt {

/// The slots for some credentials: those that are there already, and those that are new.
struct Slots {
    std::vector<StoredSlot> made;
    /// Of all of them, as far as they are known.
    std::vector<SlotOwner> owners;
    std::vector<SlotMark> kept;
};

/// Seals the volume key once for every credential that has no slot yet, as `owners` tell, under
/// numbers that are free; nothing is written yet. One key derivation each. Errors: NEED_TOKEN,
/// BAD_SECRET (a credential without its secret, and it is not known which slot is its own),
/// NO_SPACE (more than kMaxSlots), CANCELLED.
sdk::Result<Slots> make_slots(sdk::Op op, const std::vector<StoredSlot>& there,
                              const std::vector<SlotOwner>& owners, sdk::Credentials credentials,
                              SlotFormat format, SecretBytes volume_key);
/// Writes slots, reads them back, and puts them on the disk. Failing, it removes them again.
sdk::Result<void> write_slots(int folder, const std::vector<StoredSlot>& slots);

/// Writes down whose the slots on the folder are. What is known of old ones stays: if the change is
/// taken back, they count again.
sdk::Result<void> remember_owners(int folder, const Slots& slots);

/// The plan to replace some slots by others.
sdk::Result<Plan> plan_for(const std::vector<StoredSlot>& there, const Slots& slots);
/// Drops the slots of the one kind, provided that every slot of the other kind is there as planned.
sdk::Result<void> drop_old(int folder, const Plan& plan);
sdk::Result<void> drop_new(int folder, const Plan& plan);
/// Would drop_old() drop anything?
sdk::Result<bool> has_old(int folder, const Plan& plan);

}  // namespace hearth::fscrypt
