// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/attempts.hpp"

#include <algorithm>
#include <limits>

namespace hearth::home {

namespace {

constexpr std::uint64_t kUsecPerSecond = 1'000'000;

std::uint64_t status_number(const record::UserRecord& record, const record::Machine& machine,
                            std::string_view field) {
    const auto value = record.status(machine.id, field);
    return value ? value->number().value_or(0) : 0;
}

void add_one(record::UserRecord& record, const record::Machine& machine, std::string_view field) {
    const std::uint64_t count = status_number(record, machine, field);
    record.set_status(machine.id, field, std::max(count, count + 1));
}

}  // namespace

Result<void> count_attempt(record::UserRecord& record, const record::Machine& machine,
                           std::uint64_t now_usec) {
    const record::Effective effective(record, machine);
    const std::uint64_t interval =
        effective.number("rateLimitIntervalUSec").value_or(60 * kUsecPerSecond);
    const std::uint64_t burst = effective.number("rateLimitBurst").value_or(30);
    const std::uint64_t begin = status_number(record, machine, "rateLimitBeginUSec");
    const std::uint64_t end = begin > std::numeric_limits<std::uint64_t>::max() - interval
                                  ? std::numeric_limits<std::uint64_t>::max()
                                  : begin + interval;
    if (begin == 0 || begin > now_usec || end <= now_usec) {
        record.set_status(machine.id, "rateLimitBeginUSec", now_usec);
        record.set_status(machine.id, "rateLimitCount", 1U);
        return ok();
    }
    if (status_number(record, machine, "rateLimitCount") >= burst) {
        const std::uint64_t seconds = (end - now_usec + kUsecPerSecond - 1) / kUsecPerSecond;
        return Error(Code::permission, "too-many-attempts",
                     "Too many attempts to open the home of " + record.user_name() + ".")
            .why("At most " + std::to_string(burst) + " are allowed in " +
                 std::to_string(interval / kUsecPerSecond) + " s.")
            .hint("Try again in " + std::to_string(seconds) + " s.");
    }
    add_one(record, machine, "rateLimitCount");
    return ok();
}

void count_good(record::UserRecord& record, const record::Machine& machine,
                std::uint64_t now_usec) {
    add_one(record, machine, "goodAuthenticationCounter");
    record.set_status(machine.id, "lastGoodAuthenticationUSec", now_usec);
}

void count_bad(record::UserRecord& record, const record::Machine& machine, std::uint64_t now_usec) {
    add_one(record, machine, "badAuthenticationCounter");
    record.set_status(machine.id, "lastBadAuthenticationUSec", now_usec);
}

}  // namespace hearth::home
