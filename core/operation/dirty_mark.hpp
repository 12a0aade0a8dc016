// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// The mark that images carry while their home is open: an extended attribute, the same as
/// systemd-homed's. One that is there although nobody uses the home says that it was not closed
/// cleanly. It is advice for repairs: a file system that cannot keep it is no error, and nothing
/// but files gets it.

/// True: it was not there before, so that whoever closes the home has to take it off.
bool mark_dirty(Operation& op, const record::UserRecord& record);
/// The home is closed, and all of it is on the disk.
void clear_dirty(Operation& op, const record::UserRecord& record);

}  // namespace hearth::operation
