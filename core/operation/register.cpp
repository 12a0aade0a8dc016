// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/new_home.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/validate.hpp"

namespace hearth::operation {

Result<record::UserRecord> register_home(Operation& op, record::UserRecord wanted) {
    HEARTH_CHECK(record::validate_managed(wanted));
    HEARTH_CHECK(check_new_user(op, wanted));
    record::UserRecord record = wanted.with_sections(record::Sections::embedded);
    HEARTH_CHECK(sign_or_check(op, record));
    HEARTH_CHECK(bind_to_machine(op, record, std::nullopt));
    HEARTH_CHECK(op.run({
        {"writing the journal", [&] { return announce_record(op); }},
        {"writing the record", [&] { return op.store().save(record); }, {}, true},
    }));
    return record;
}

Result<void> unregister(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HomeAccess home(op, std::move(record));
    return op.run({
        {"looking whether the home is in use", [&] { return home.require_inactive(); }},
        {"removing the record", [&] { return op.store().remove(op.user()); }, {}, true},
    });
}

}  // namespace hearth::operation
