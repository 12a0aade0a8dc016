// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <optional>
#include <vector>

#include "crypto.hpp"
#include "plan.hpp"
#include "slot_store.hpp"

// Slots for new passwords beside those for the old ones. Whatever the instant at which the power
// goes, one set of them is complete.

namespace hearth::fscrypt {

/// Seals the volume key once for every credential, under numbers that are free; nothing is written
/// yet. One key derivation each. Errors: NEED_TOKEN, BAD_SECRET (a credential without its secret:
/// slots do not say whose they are), NO_SPACE (more than kMaxSlots), CANCELLED.
sdk::Result<std::vector<StoredSlot>> make_slots(sdk::Op op, const std::vector<StoredSlot>& there,
                                                sdk::Credentials credentials, SlotFormat format,
                                                SecretBytes volume_key);
/// Writes slots, reads them back, and puts them on the disk. Failing, it removes them again.
sdk::Result<void> write_slots(int folder, const std::vector<StoredSlot>& slots);

/// The plan to replace some slots by others.
sdk::Result<Plan> plan_for(const std::vector<StoredSlot>& there,
                           const std::vector<StoredSlot>& made);
/// Drops the slots of the one kind, provided that every slot of the other kind is there as planned.
sdk::Result<void> drop_old(int folder, const Plan& plan);
sdk::Result<void> drop_new(int folder, const Plan& plan);
/// Would drop_old() drop anything?
sdk::Result<bool> has_old(int folder, const Plan& plan);

}  // namespace hearth::fscrypt
