// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <functional>

#include "block_device.hpp"
#include "settings.hpp"

// Which device holds a home: found by what is on it, because names of devices change.

namespace hearth::luks {

/// Does an open device hold the home of this record? That is, its volume: on all of it, or in a
/// partition of its table. A home that is half removed counts as long as anything says whose it
/// was. Without a volume's UUID in the record, any home of its name does.
bool holds_home(int device, const Settings& settings);

/// The one device of the machine for which `is_meant` says yes. Nothing: there is none. Errors:
/// HOME_IN_USE (several).
sdk::Result<std::optional<dev_t>> find_device(const std::function<bool(int device)>& is_meant);

/// Opens the device that holds the home: the one at its place, or if that is another one, the one
/// that is found by what is on it. Of a home in a partition of its own table, the disk. `flags`:
/// O_EXCL to have it alone. Errors: HOME_ABSENT, HOME_IN_USE.
sdk::Result<DeviceNode> open_home_device(const sdk::Place& place, const Settings& settings,
                                         int flags = 0);

}  // namespace hearth::luks
