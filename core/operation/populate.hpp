// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/home_access.hpp"

namespace hearth::operation {

/// Fills a new home: skeleton, `.identity`, owner and mode of the top folder. Nothing is synced.
/// Errors: skeleton-missing, tree-*, file-*.
Result<void> populate(Operation& op, HomeAccess& home);

}  // namespace hearth::operation
