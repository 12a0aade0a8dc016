// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "luks_volume.hpp"
#include "plan.hpp"
#include "slot_owners.hpp"

// Key slots for passwords. Whatever the instant at which the power goes, one set of them is
// complete.

namespace hearth::luks {

/// Is each new slot opened once before it counts? In a new home there is nothing to lose yet.
enum class Proof { opened, none };

/// Adds a slot for every credential that has a secret, and says in the header whose they are;
/// failing, it takes them back. Errors: NO_AUTH_CONFIGURED, NO_SPACE, CANCELLED, IO (a new slot
/// does not open).
sdk::Result<void> add_slots(sdk::Op op, LuksVolume& volume, sdk::Secret& key,
                            const KeyDerivation& derivation, sdk::Credentials credentials,
                            Proof proof);

/// The plan to put the credentials in the place of what is there: slots stay whose credentials have
/// no secret here. Where the header does not say whose they are (another tool made them) they are
/// all but `opened`, the slot that the caller's secret opened. Errors: NEED_TOKEN, BAD_SECRET (it
/// is not clear which stay).
sdk::Result<Plan> plan_change(const std::vector<KeySlot>& there, const SlotOwners& owners,
                              int opened, sdk::Credentials credentials);

sdk::Result<void> drop_slots(LuksVolume& volume, const std::vector<KeySlot>& slots);

}  // namespace hearth::luks
