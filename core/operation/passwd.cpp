// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/medium_keys.hpp"
#include "core/operation/password_change.hpp"
#include "core/operation/replace_record.hpp"
#include "core/operation/verbs.hpp"
#include "core/system/clock.hpp"

namespace hearth::operation {

namespace {

/// Without a new password the medium gets the keys of those that the record has.
Result<record::UserRecord> with_new_passwords(Operation& op, const record::UserRecord& current) {
    HEARTH_CHECK(
        check_may_change_password(record::Effective(current, op.machine()), system::now_usec()));
    HEARTH_TRY(next, next_version(op, current));
    if (op.request().new_passwords.empty()) return next;
    HEARTH_CHECK(set_new_passwords(op, next));
    HEARTH_CHECK(note_changed_password(next, next.last_change_usec().value_or(0)));
    return next;
}

}  // namespace

Result<record::UserRecord> passwd(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    MediumKeys keys(op);
    return replace_record(op, std::move(host_record), keys, [&](const record::UserRecord& current) {
        return with_new_passwords(op, current);
    });
}

}  // namespace hearth::operation
