// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// One authentication, counted: the limit on attempts before it, the good or bad end after it.
class Attempt {
  public:
    /// Is there a record in which a wrong password could be noted?
    enum class Record { host, none };

    Attempt(Operation& op, const record::UserRecord& host_record, Record record = Record::host)
        : op_(op), host_(host_record.clone()), record_(record) {}

    /// Counts nothing if the request says so. Errors: too-many-attempts.
    Result<void> begin();

    /// Passes `outcome` on, and counts and stores it like settle() if it is a wrong password: for
    /// media that know their passwords themselves.
    Result<void> watch(Result<void> outcome);

    /// Passes `outcome` on. A wrong password is counted and stored at once, in the host's record as
    /// it was; a good end is put into `record`, which the operation stores when it is done.
    Result<void> settle(record::UserRecord& record, Result<void> outcome);

  private:
    Operation& op_;
    record::UserRecord host_;
    Record record_;
};

}  // namespace hearth::operation
