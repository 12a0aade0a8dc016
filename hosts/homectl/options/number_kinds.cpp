// SPDX-License-Identifier: LGPL-2.1-or-later
#include <bit>

#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

using record::Value;

std::optional<Value> wrap(std::optional<std::uint64_t> number) {
    if (!number) return std::nullopt;
    return Value(*number);
}

std::optional<Value> between(std::string_view text, std::uint64_t low, std::uint64_t high,
                             unsigned base = 10) {
    const auto number = parse_unsigned(text, base);
    if (!number || *number < low || *number > high) return std::nullopt;
    return Value(*number);
}

std::optional<Value> to_bool(std::string_view text) {
    const auto flag = parse_bool(text);
    if (!flag) return std::nullopt;
    return Value(*flag);
}

std::optional<Value> to_nice(std::string_view text) {
    const auto number = parse_signed(text);
    if (!number || *number < -20 || *number > 19) return std::nullopt;
    return Value(*number);
}

std::optional<Value> to_sector_size(std::string_view text) {
    const auto number = parse_unsigned(text);
    if (!number || *number < 512 || *number > 4096 || !std::has_single_bit(*number))
        return std::nullopt;
    return Value(*number);
}

/// Numbers that belong to the system, to containers' helpers or to nobody are not for people.
bool is_uid_of_person(std::uint64_t uid) {
    const auto in = [uid](std::uint64_t low, std::uint64_t high) {
        return uid >= low && uid <= high;
    };
    return !(uid == 0 || in(1, 999) || in(60578, 60705) || in(61184, 65519) || uid == 65534 ||
             uid == 65535 || uid >= 0xFFFFFFFF);
}

std::optional<Value> to_uid(std::string_view text) {
    const auto uid = parse_unsigned(text);
    if (!uid || !is_uid_of_person(*uid)) return std::nullopt;
    return Value(*uid);
}

std::optional<Value> to_size(std::string_view text) {
    return wrap(parse_size(text));
}
std::optional<Value> to_span(std::string_view text) {
    return wrap(parse_span(text));
}
std::optional<Value> to_timestamp(std::string_view text) {
    return wrap(parse_timestamp(text, now_usec()));
}
std::optional<Value> to_umask(std::string_view text) {
    return between(text, 0, 0777, 8);
}
std::optional<Value> to_access_mode(std::string_view text) {
    return between(text, 0, 07777, 8);
}
std::optional<Value> to_weight(std::string_view text) {
    return between(text, 1, 10000);
}
std::optional<Value> to_number32(std::string_view text) {
    return between(text, 0, 0xFFFFFFFF);
}
std::optional<Value> to_number(std::string_view text) {
    return between(text, 0, kInfinity);
}
std::optional<Value> to_number64(std::string_view text) {
    return between(text, 1, kInfinity - 1);
}

}  // namespace

const Kind kBool = {"BOOL", "yes or no (also true/false, on/off, 1/0)", to_bool};
const Kind kSize = {"BYTES", "a number of bytes, with K, M, G, T, P or E if wanted, as in 512M",
                    to_size};
const Kind kSpan = {
    "TIME", "a time span, as in 30s, 5min, 2h 30min, 14d or infinity; a bare number counts seconds",
    to_span};
const Kind kTimestamp = {
    "TIMESTAMP",
    "a point in time, as in 2027-01-31, \"2027-01-31 18:30:00 UTC\", tomorrow, +3d or @1800000000",
    to_timestamp};
const Kind kUmask = {"MODE", "an octal number from 0000 to 0777", to_umask};
const Kind kAccessMode = {"MODE", "an octal number from 0000 to 7777", to_access_mode};
const Kind kNice = {"LEVEL", "a whole number from -20 to 19", to_nice};
const Kind kWeight = {"WEIGHT", "a whole number from 1 to 10000", to_weight};
const Kind kNumber32 = {"NUMBER", "a whole number from 0 to 4294967295", to_number32};
const Kind kNumber64 = {"NUMBER", "a whole number, at least 1", to_number64};
const Kind kNumber = {"NUMBER", "a whole number", to_number};
const Kind kSectorSize = {"BYTES", "512, 1024, 2048 or 4096", to_sector_size};
const Kind kUid = {"UID",
                   "a user number of a person: from 1000 on, but none of 60578 to 60705, 61184 to "
                   "65519, 65534 and 65535",
                   to_uid};

}  // namespace hearth::homectl
