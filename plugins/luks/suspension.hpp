// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "medium.hpp"

// Locked homes: mounted, their mapping suspended, their key nowhere but in the header's slots.

namespace hearth::luks {

/// Errors: HOME_NOT_ACTIVE, HOME_LOCKED.
sdk::Result<void> lock_home(sdk::Op op, const Settings& settings);
/// Errors: HOME_NOT_LOCKED, BAD_SECRET, those of open_medium().
sdk::Result<void> unlock_home(sdk::Op op, const sdk::Place& place, const Settings& settings);

/// After a process that was killed between suspending and forgetting the key, or between bringing
/// it back and going on: what is suspended has no key then.
sdk::Result<void> finish_locking(const Settings& settings);

}  // namespace hearth::luks
