// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/record/user_record.hpp"
#include "hosts/homectl/options/changes.hpp"

namespace hearth::homectl {

/// Puts the changes of a command line into a record.
///
/// Dropped fields leave the top level, the privileged section, and those perMachine entries that
/// match this machine (or all but this one) and nothing else; then the new values are set. Such
/// entries are merged into one, which moves to the end of the array, where it wins; all other
/// entries stay as they are. Errors: those of UserRecord::set().
Result<void> apply_changes(record::UserRecord& record, const Changes& changes,
                           const std::string& machine_id);

}  // namespace hearth::homectl
