// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/password_change.hpp"

#include <limits>

#include "core/record/password_age.hpp"
#include "core/system/clock.hpp"

namespace hearth::operation {

namespace {

constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kUsecPerDay = std::uint64_t{86'400} * 1'000'000;

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
    return a > kForever - b ? kForever : a + b;
}

std::string days(std::uint64_t usec) {
    return std::to_string((usec + kUsecPerDay - 1) / kUsecPerDay);
}

Error too_young(const std::string& user, std::uint64_t left) {
    return Error(Code::permission, "password-too-young",
                 "The password of " + user + " cannot be changed yet.")
        .why("It was changed a short time ago, and its record asks for more time between changes.")
        .hint("Try again in " + days(left) +
              " day(s), or let root shorten the time with: homectl " + "update " + user +
              " --password-change-min=");
}

Error too_old(const std::string& user) {
    return Error(Code::permission, "password-too-old",
                 "The password of " + user + " has expired for good.")
        .why("It was not changed in the time that its record allows.")
        .hint("Root can allow more with: homectl update " + user +
              " --password-change-inactive=TIME");
}

}  // namespace

void tell_password_age(Operation& op, const record::Effective& record) {
    using record::PasswordAge;
    const std::uint64_t now = system::now_usec();
    const auto term = record::password_term(record, now);
    const std::string whose = "The password of " + record.user_name();
    const std::string change = ". Change it with: homectl passwd " + record.user_name();
    if (term.age == PasswordAge::change_now) op.warn(whose + " has to be changed" + change);
    if (term.age == PasswordAge::expired) op.warn(whose + " has expired" + change);
    if (term.age == PasswordAge::expires_soon)
        op.warn(whose + " expires in " + days(term.expires - now) + " day(s)" + change);
    if (term.age == PasswordAge::dead)
        op.warn(whose + " has expired for good. Root can allow more time with: homectl update " +
                record.user_name() + " --password-change-inactive=TIME");
}

Result<void> check_may_change_password(const record::Effective& record, std::uint64_t now_usec) {
    if (record.flag("passwordChangeNow").value_or(false)) return ok();
    const auto last = record.number("lastPasswordChangeUSec");
    // A clock that was wrong keeps nobody from anything.
    if (!last || *last > now_usec) return ok();
    const std::uint64_t least = sum(*last, record.number("passwordChangeMinUSec").value_or(0));
    if (now_usec < least) return too_young(record.user_name(), least - now_usec);
    const auto most = record.number("passwordChangeMaxUSec");
    const auto inactive = record.number("passwordChangeInactiveUSec");
    if (most && inactive && now_usec >= sum(sum(*last, *most), *inactive))
        return too_old(record.user_name());
    return ok();
}

Result<void> note_changed_password(record::UserRecord& record, std::uint64_t now_usec) {
    record.remove("passwordChangeNow");
    if (auto* entries = record.json().find("perMachine"); entries && entries->array())
        for (auto& entry : *entries->array())
            if (entry.object()) entry.object()->remove("passwordChangeNow");
    return record.set("lastPasswordChangeUSec", now_usec);
}

}  // namespace hearth::operation
