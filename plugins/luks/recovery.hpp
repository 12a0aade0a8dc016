// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "session.hpp"

namespace hearth::luks {

/// Finishes or undoes what an interrupted operation left of a home; see LuksStorage::recover().
sdk::Result<void> recover_home(sdk::Op op, const sdk::Record& record, const hearth_intent& intent,
                               LuksSession* session_or_null);

}  // namespace hearth::luks
