// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// Do the medium's own secrets change with the record?
enum class Rekey { no, yes };

/// Makes the new record out of the current one, unsigned or signed; called once the password has
/// been checked.
using NextRecord = std::function<Result<record::UserRecord>(const record::UserRecord& current)>;

/// A copy of the record for the host to change and sign: without signature, lastChangeUSec now.
/// Errors: record-signed-elsewhere (another machine's key signed it), record-from-the-future.
Result<record::UserRecord> next_version(Operation& op, const record::UserRecord& current);

/// What update and passwd have in common: authenticates, replaces the host's record, then the
/// copies in the home. At every instant one password opens all of it: new keys of the medium are
/// added before the records change, and the old ones are dropped after.
Result<record::UserRecord> replace_record(Operation& op, record::UserRecord host_record,
                                          Rekey rekey, const NextRecord& make_next);

}  // namespace hearth::operation
