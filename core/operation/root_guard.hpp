// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// What a plugin hands over as the top folder of a home is about to get another owner, mode and
/// content. A plugin with a bug in it must not make core do that to the system.

/// Refuses the system's own top folder, and every folder that the home's image lies in. Errors:
/// plugin-wrong-root.
Result<void> check_home_root(Operation& op, const record::UserRecord& record, int root_fd);

/// Refuses, for a home that was made just now, a folder with anything in it. Errors:
/// plugin-wrong-root.
Result<void> check_new_root(int root_fd);

}  // namespace hearth::operation
