// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

namespace hearth::subvolume {

/// Deletes `name` in the folder `dir` with all that is in it: subvolumes at any depth that the user
/// made inside, read-only ones too, and then itself. A plain folder (what systemd-homed makes where
/// there is no btrfs) is removed file by file. A missing one is no error; interrupted, it is simply
/// called again.
sdk::Result<void> remove_home(sdk::Op op, int dir, const char* name);

}  // namespace hearth::subvolume
