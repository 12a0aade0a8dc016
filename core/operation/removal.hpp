// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/home_access.hpp"

namespace hearth::operation {

/// What remove and its recovery have in common.

/// The home may be gone; but what is at its place must be the home itself. Errors: image-*.
Result<void> check_removable(Operation& op, HomeAccess& home);

/// Deletes the medium. One that is gone already is as good as removed. Errors: those of the plugin.
Result<void> remove_medium(HomeAccess& home);

}  // namespace hearth::operation
