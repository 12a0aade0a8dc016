// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// Steps that several operations share.

/// The host's record of the operation's user, its signature checked. Errors: home-unknown,
/// record-*.
Result<record::UserRecord> load_trusted(Operation& op);

/// Stores the host's record, whose news are its counters or come from the home itself: a failure is
/// only worth a warning, because the home works without, and so does a power cut that brings the
/// old one back.
Result<void> save_or_warn(Operation& op, const record::UserRecord& record);

/// Opens the journal; a full disk must not keep anybody out of (or in) a home, so a failure is only
/// worth a warning. For operations that can be told from the kernel's mounts alone, and leave
/// nothing to finish after a restart of the machine: mounts, mappings and keys are gone then.
Result<void> write_intent_or_warn(Operation& op, const std::string& storage);

/// The same, but what an earlier operation left in the journal stays in it.
Result<void> write_intent_if_none(Operation& op, const std::string& storage);

/// What the kernel was told because a home is locked is taken back if none is any more; a failure
/// is only worth a warning.
void restore_sleep_or_warn(Operation& op);

/// Opens the journal for an operation that changes nothing but the host's record: a process that
/// dies while it writes leaves a file of another name behind. Errors: file-*.
Result<void> announce_record(Operation& op);

/// Signs a record that has no signature, with the host's own key, or checks the one it has.
/// Errors: record-unknown-key, record-bad-signature, key-*.
Result<void> sign_or_check(Operation& op, record::UserRecord& record);

}  // namespace hearth::operation
