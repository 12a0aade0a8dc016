// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/replace_record.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

Result<record::UserRecord> passwd(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    return replace_record(
        op, std::move(host_record), Rekey::yes, [&](const record::UserRecord& current) {
            return next_version(op, current)
                .and_then([&](record::UserRecord&& next) -> Result<record::UserRecord> {
                    HEARTH_CHECK(set_new_passwords(op, next));
                    HEARTH_CHECK(
                        next.set("lastPasswordChangeUSec", next.last_change_usec().value_or(0)));
                    return std::move(next);
                });
        });
}

}  // namespace hearth::operation
