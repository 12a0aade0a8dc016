// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/record/user_record.hpp"

namespace hearth::record {

/// What the caller can live with.
enum class ReconcileMode {
    any,                     ///< activate, inspect
    require_newer,           ///< update: the machine's copy must be newer than the other one
    require_newer_or_equal,  ///< passwd, resize: it must not be older
};

enum class Winner { host, identical, other };

/// The copy that holds, and whose it was.
struct Reconciled {
    Winner winner;
    UserRecord record;  ///< never with a secret; with the binding of the host's copy
};

/// Decides between the machine's copy of a record and another one (from a header or from
/// ~/.identity): the later lastChangeUSec wins, and the machine's own on a tie. Signatures are not
/// looked at: verify the result.
///
/// Errors: record-of-another-user; record-embedded-section (the other copy has a binding or a
/// secret); record-downgrade (the host's copy is older than the mode allows) and record-mismatch
/// (same time, same content, but newer was required).
Result<Reconciled> reconcile(const UserRecord& host, const UserRecord& other, ReconcileMode mode);

/// The rule for replacing a stored record by one from outside: it must be of the same user and
/// newer (record-of-another-user, record-downgrade), and of the same content if it is of the same
/// time (record-mismatch).
Result<void> check_update(const UserRecord& stored, const UserRecord& update);

}  // namespace hearth::record
