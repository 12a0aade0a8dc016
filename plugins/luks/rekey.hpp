// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "luks_volume.hpp"
#include "plan.hpp"

// Key slots for passwords. Whatever the instant at which the power goes, one set of them is
// complete.

namespace hearth::luks {

/// Is each new slot opened once before it counts? In a new home there is nothing to lose yet.
enum class Proof { opened, none };

/// Adds a slot for every credential that has a secret; failing, it takes them back. Errors:
/// NO_AUTH_CONFIGURED, NO_SPACE, CANCELLED, IO (a new slot does not open).
sdk::Result<void> add_slots(sdk::Op op, LuksVolume& volume, sdk::Secret& key,
                            const KeyDerivation& derivation, sdk::Credentials credentials,
                            Proof proof);

/// The plan to put the credentials in the place of what is there. `opened`: the slot that the
/// caller's secret opened; of the others those stay whose credentials have no secret here. Errors:
/// NEED_TOKEN, BAD_SECRET (slots do not say whose they are, and it is not clear which).
sdk::Result<Plan> plan_change(const std::vector<KeySlot>& there, int opened,
                              sdk::Credentials credentials);

sdk::Result<void> drop_slots(LuksVolume& volume, const std::vector<KeySlot>& slots);

}  // namespace hearth::luks
