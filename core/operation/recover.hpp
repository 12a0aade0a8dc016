// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"

namespace hearth::operation {

class HomeAccess;
class Operation;

/// Finishes or undoes what an earlier process left of an operation on this home, as often as it
/// takes. The caller holds the home's lock. Whatever the instant at which that process died, the
/// home is afterwards in its old or its new state.
///
/// No secret is used: nobody has been authenticated. What only a secret could finish stays in the
/// journal, for finish_at_opening(), and so does a medium that is still held; neither is an error.
/// Errors: journal-damaged, those of the plugin.
Result<void> recover_left_behind(Operation& op);

/// The rest of it, once the home is open; core/operation/home_access.cpp calls it. Failing costs a
/// warning, because it keeps nobody out of the home.
Result<void> finish_at_opening(Operation& op, HomeAccess& home);

}  // namespace hearth::operation
