// SPDX-License-Identifier: LGPL-2.1-or-later
#include <time.h>

#include <algorithm>
#include <array>
#include <string>

#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

constexpr std::uint64_t kUsecPerSec = 1000000;

/// A calendar day and a time of day, as typed.
struct Clock {
    int year = 0, month = 0, day = 0;
    int hour = 0, minute = 0, second = 0;
};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    if (at + count > text.size()) return std::nullopt;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool read_date(std::string_view text, Clock& clock) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (!year || !month || !day || *year < 1970 || *month < 1 || *month > 12 || *day < 1)
        return false;
    constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
    if (*day > kDays[static_cast<std::size_t>(*month - 1)] + (leap && *month == 2 ? 1 : 0))
        return false;
    clock.year = *year;
    clock.month = *month;
    clock.day = *day;
    return true;
}

bool read_time(std::string_view text, Clock& clock) {
    if ((text.size() != 5 && text.size() != 8) || text[2] != ':') return false;
    if (text.size() == 8 && text[5] != ':') return false;
    const auto hour = digits(text, 0, 2), minute = digits(text, 3, 2);
    const auto second = text.size() == 8 ? digits(text, 6, 2) : std::optional<int>(0);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return false;
    clock.hour = *hour;
    clock.minute = *minute;
    clock.second = *second;
    return true;
}

/// Seconds east of Greenwich: "UTC", "Z", "+02:00", "-0330".
std::optional<int> read_zone(std::string_view text) {
    if (text == "UTC" || text == "Z" || text == "GMT") return 0;
    if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const std::size_t colon = text[3] == ':' ? 1 : 0;
    const auto hours = digits(text, 1, 2), minutes = digits(text, 3 + colon, 2);
    if (text.size() != 5 + colon || !hours || !minutes || *hours > 14 || *minutes > 59)
        return std::nullopt;
    return (*hours * 3600 + *minutes * 60) * (text[0] == '-' ? -1 : 1);
}

std::optional<std::uint64_t> to_usec(const Clock& clock, std::optional<int> zone) {
    tm parts{};
    parts.tm_year = clock.year - 1900;
    parts.tm_mon = clock.month - 1;
    parts.tm_mday = clock.day;
    parts.tm_hour = clock.hour;
    parts.tm_min = clock.minute;
    parts.tm_sec = clock.second;
    parts.tm_isdst = -1;
    const time_t seconds = zone ? timegm(&parts) - *zone : mktime(&parts);
    if (seconds < 0) return std::nullopt;
    return static_cast<std::uint64_t>(seconds) * kUsecPerSec;
}

Clock local_day(std::uint64_t now, int days_later) {
    const auto seconds = static_cast<time_t>(now / kUsecPerSec);
    tm parts{};
    localtime_r(&seconds, &parts);
    // mktime() counts days beyond the end of a month on; noon keeps clear of the hours that summer
    // time moves.
    parts.tm_mday += days_later;
    parts.tm_hour = 12;
    parts.tm_isdst = -1;
    mktime(&parts);
    return Clock{parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, 0, 0, 0};
}

std::string_view take_word(std::string_view& text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::size_t length = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, length);
    text.remove_prefix(length);
    while (text.starts_with(' ')) text.remove_prefix(1);
    return word;
}

bool is_weekday(std::string_view word) {
    constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                       "Fri", "Sat", "Sun"};
    return std::find(kDays.begin(), kDays.end(), word.substr(0, 3)) != kDays.end();
}

std::optional<std::uint64_t> relative(std::string_view text, std::uint64_t now) {
    if (text.starts_with('+') || text.ends_with(" left")) {
        if (text.starts_with('+'))
            text.remove_prefix(1);
        else
            text.remove_suffix(5);
        const auto span = parse_span(text);
        if (!span || *span > kInfinity - 1 - now) return std::nullopt;
        return now + *span;
    }
    if (text.starts_with('-'))
        text.remove_prefix(1);
    else if (text.ends_with(" ago"))
        text.remove_suffix(4);
    else
        return std::nullopt;
    const auto span = parse_span(text);
    if (!span || *span > now) return std::nullopt;
    return now - *span;
}

std::optional<std::uint64_t> calendar(std::string_view text, std::uint64_t now) {
    std::string_view word = take_word(text);
    if (is_weekday(word)) word = take_word(text);
    Clock clock = local_day(now, 0);
    if (word == "tomorrow" || word == "yesterday")
        clock = local_day(now, word == "tomorrow" ? 1 : -1);
    const bool day_named = word == "today" || word == "tomorrow" || word == "yesterday";
    if (!day_named && !read_date(word, clock) && !read_time(word, clock)) return std::nullopt;
    if (text.empty()) return to_usec(clock, std::nullopt);
    word = take_word(text);
    if (word.find(':') == 2) {
        if (!read_time(word, clock)) return std::nullopt;
        if (text.empty()) return to_usec(clock, std::nullopt);
        word = take_word(text);
    }
    const auto zone = read_zone(word);
    if (!zone || !text.empty()) return std::nullopt;
    return to_usec(clock, zone);
}

}  // namespace

std::optional<std::uint64_t> parse_timestamp(std::string_view text, std::uint64_t now) {
    if (text == "now") return now;
    if (text.starts_with('@')) {
        const auto seconds = parse_unsigned(text.substr(1));
        if (!seconds || *seconds > kInfinity / kUsecPerSec - 1) return std::nullopt;
        return *seconds * kUsecPerSec;
    }
    if (const auto moment = relative(text, now)) return moment;
    return calendar(text, now);
}

}  // namespace hearth::homectl
