// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

class HomeAccess;

/// What happens to the medium together with its record; this one: nothing.
class MediumChange {
  public:
    MediumChange() = default;
    MediumChange(const MediumChange&) = delete;
    MediumChange& operator=(const MediumChange&) = delete;
    virtual ~MediumChange() = default;

    /// Would a restart of the machine in the middle leave the medium in need of the journal? The
    /// records do not need it: the newer of the two holds, and the other one follows.
    virtual Result<bool> needs_journal(HomeAccess& /*home*/) { return false; }
    /// Before any record changes. May complete `next`, which is not signed yet. Whatever opened the
    /// home before still does.
    virtual Result<void> prepare(HomeAccess& /*home*/, record::UserRecord& /*next*/) {
        return ok();
    }
    /// commit: the records say the new state; otherwise prepare() is taken back.
    virtual Result<void> finish(HomeAccess& /*home*/, bool /*commit*/) { return ok(); }
};

/// Makes the new record out of the current one, unsigned or signed; called once the password has
/// been checked.
using NextRecord = std::function<Result<record::UserRecord>(const record::UserRecord& current)>;

/// A copy of the record for the host to change and sign: without signature, lastChangeUSec now.
/// Errors: record-signed-elsewhere (another machine's key signed it), record-from-the-future.
Result<record::UserRecord> next_version(Operation& op, const record::UserRecord& current);

/// What update, passwd and resize have in common: authenticates, prepares the medium, replaces the
/// host's record, then the copies in the home. At every instant one password opens all of it: new
/// keys of the medium are added before the records change, and the old ones are dropped after.
Result<record::UserRecord> replace_record(Operation& op, record::UserRecord host_record,
                                          MediumChange& medium, const NextRecord& make_next);

}  // namespace hearth::operation
