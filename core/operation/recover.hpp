// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"

namespace hearth::operation {

class Operation;

/// Finishes or undoes what an earlier process left of an operation on this home, as often as it
/// takes. The caller holds the home's lock. Whatever the instant at which that process died, the
/// home is afterwards in its old or its new state.
///
/// What only a secret could finish stays in the journal and is no error. Errors: journal-damaged,
/// those of the plugin.
Result<void> recover_left_behind(Operation& op);

}  // namespace hearth::operation
