// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/storage.h>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

class HomeAccess;

/// A home that is being activated gets the size that its record names, if it is smaller and record
/// or storage want that. Failing costs a warning: the home is used at its present size.
void grow_at_activation(Operation& op, HomeAccess& home);

/// For storage's deactivate(): may the home become smaller? Only one that its record makes large
/// again.
Result<hearth_flags> deactivation_flags(Operation& op, HomeAccess& home);

}  // namespace hearth::operation
