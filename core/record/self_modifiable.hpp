// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"

namespace hearth::record {

/// Does the update change nothing but what users may change of themselves? What that is says the
/// record as it is now (selfModifiableFields, selfModifiableBlobs, selfModifiablePrivileged, as
/// they hold on this machine); where it says nothing, a list of Hearth's own. Entries of perMachine
/// that do not apply here must stay as they are. Looks at the signed parts alone.
[[nodiscard]] bool changes_only_own_fields(const UserRecord& now, const UserRecord& update,
                                           const Machine& machine);

}  // namespace hearth::record
