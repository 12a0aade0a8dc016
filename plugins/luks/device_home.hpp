// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <string_view>

#include "device_search.hpp"
#include "settings.hpp"

// Homes on devices, as a whole. A disk gets a partition table with one partition, as an image does;
// a partition or a logical volume is the encrypted volume.

namespace hearth::luks {

/// Could the home be made on the device at its place? Errors: HOME_EXISTS, HOME_IN_USE, BAD_SIZE.
sdk::Result<void> check_device(const sdk::Place& place, const sdk::Record& record,
                               const Settings& settings);

/// Takes the empty device at its place for a new home, so that nobody else can, and notes in the
/// journal what will be on it. `settings` has the identities of the new home, and gets what the
/// device decides. Nothing is written. Errors: as above, and HOME_EXISTS (a home with the same
/// identities).
sdk::Result<sdk::UniqueFd> take_device(sdk::Op op, const sdk::Place& place,
                                       const sdk::Record& record, Settings& settings);
/// Makes its partition, if it is to have one, and says where the volume belongs.
sdk::Result<Extent> lay_out_device(int device, const Settings& settings);
/// The new home is complete.
sdk::Result<void> finish_device(int device);
/// Undoes the creation of one, in the process that began it.
sdk::Result<void> clear_device(sdk::Op op, int device, const Settings& settings);
/// The same in another process, from the note: what is on any device is wiped only if it is what
/// the note says.
sdk::Result<void> recover_device(sdk::Op op, Settings settings, std::string_view note);

/// HEARTH_STATE_*, of a home that has no mapping.
sdk::Result<std::uint32_t> device_state(const sdk::Place& place, const Settings& settings);

/// Wipes the volume's keys, and the table that the home has for itself. Errors: HOME_ABSENT,
/// HOME_IN_USE.
sdk::Result<void> remove_device_home(sdk::Op op, const sdk::Place& place, const Settings& settings);

}  // namespace hearth::luks
