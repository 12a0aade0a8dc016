// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "core/base/result.hpp"
#include "core/record/effective.hpp"

namespace hearth::home {

/// The counters of one user's authentications, kept in the record's status section of this machine.

/// Counts an attempt that is about to be made. Times are microseconds since 1970.
/// Errors: too-many-attempts (the user's limit is reached; says when the next try is possible).
Result<void> count_attempt(record::UserRecord& record, const record::Machine& machine,
                           std::uint64_t now_usec);

/// Counts how it ended.
void count_good(record::UserRecord& record, const record::Machine& machine, std::uint64_t now_usec);
void count_bad(record::UserRecord& record, const record::Machine& machine, std::uint64_t now_usec);

}  // namespace hearth::home
