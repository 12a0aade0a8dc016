// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/password_age.hpp"

#include <algorithm>
#include <limits>

namespace hearth::record {

namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    return a > kNever - b ? kNever : a + b;
}

PasswordAge age_of(const Effective& record, std::uint64_t expires, bool may_change,
                   std::uint64_t now) {
    const std::uint64_t warn = record.number("passwordChangeWarnUSec").value_or(0);
    const std::uint64_t dead =
        add(expires, record.number("passwordChangeInactiveUSec").value_or(kNever));
    if (now >= dead || (now >= expires && !may_change)) return PasswordAge::dead;
    if (now >= expires) return PasswordAge::expired;
    if (!may_change) return PasswordAge::cannot_change;
    const bool soon = expires != kNever && now >= expires - std::min(warn, expires);
    return soon ? PasswordAge::expires_soon : PasswordAge::fine;
}

}  // namespace

PasswordTerm password_term(const Effective& record, std::uint64_t now_usec) {
    if (record.flag("passwordChangeNow").value_or(false)) return {PasswordAge::change_now};
    const auto least = record.number("passwordChangeMinUSec");
    const auto most = record.number("passwordChangeMaxUSec");
    if (!least && !most) return {};
    const auto changed = record.number("lastPasswordChangeUSec");
    if (!changed) return {PasswordAge::no_timestamp};
    if (*changed > now_usec) return {PasswordAge::from_the_future};
    const std::uint64_t expires = add(*changed, most.value_or(kNever));
    const bool may_change = now_usec >= add(*changed, least.value_or(0));
    return {age_of(record, expires, may_change, now_usec), expires};
}

}  // namespace hearth::record
