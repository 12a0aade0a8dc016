// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/attempt.hpp"

#include "core/home/attempts.hpp"
#include "core/operation/common.hpp"
#include "core/system/clock.hpp"

namespace hearth::operation {

Result<void> Attempt::begin() {
    if (!op_.request().counted) return ok();
    return home::count_attempt(host_, op_.machine(), system::now_usec());
}

Result<void> Attempt::watch(Result<void> outcome) {
    // That a token wants its PIN or a touch is no failure of anybody's.
    if (outcome ||
        (outcome.error().code() != Code::bad_secret &&
         outcome.error().id() != "bad-password-and-no-token") ||
        outcome.error().id() == "password-needed")
        return outcome;
    if (record_ == Record::none) return outcome;
    home::count_bad(host_, op_.machine(), system::now_usec());
    HEARTH_CHECK(save_or_warn(op_, host_));
    return outcome;
}

Result<void> Attempt::settle(record::UserRecord& record, Result<void> outcome) {
    if (!outcome) return watch(std::move(outcome));
    home::count_good(host_, op_.machine(), system::now_usec());
    if (const auto status = host_.get("status")) return record.set("status", *status);
    return ok();
}

}  // namespace hearth::operation
