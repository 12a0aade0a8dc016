// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/format.hpp"

#include <time.h>

#include <array>
#include <cstdio>
#include <string_view>

#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

template <typename... Args>
std::string text_of(const char* format, Args... args) {
    std::array<char, 80> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, args...);
    return buffer.data();
}

struct Unit {
    std::string_view name;
    std::uint64_t microseconds;
};

constexpr std::array kUnits = {
    Unit{"y", 31557600000000}, Unit{"w", 604800000000}, Unit{"d", 86400000000},
    Unit{"h", 3600000000},     Unit{"min", 60000000},   Unit{"s", 1000000},
    Unit{"ms", 1000},          Unit{"us", 1},
};

}  // namespace

std::string format_size(std::uint64_t bytes) {
    constexpr std::string_view kLetters = "BKMGTPE";
    auto value = static_cast<double>(bytes);
    std::size_t power = 0;
    while (value >= 1024 && power + 1 < kLetters.size()) {
        value /= 1024;
        ++power;
    }
    if (power == 0) return std::to_string(bytes) + "B";
    return text_of("%.1f", value) + kLetters[power];
}

std::string format_span(std::uint64_t usec) {
    if (usec == kInfinity) return "infinity";
    if (usec == 0) return "0";
    std::string out;
    int parts = 0;
    for (const Unit& unit : kUnits) {
        const std::uint64_t count = usec / unit.microseconds;
        if (count > 0)
            out += (out.empty() ? "" : " ") + std::to_string(count) + std::string(unit.name);
        usec %= unit.microseconds;
        if (!out.empty() && ++parts == 2) break;
    }
    return out;
}

std::string format_timestamp(std::uint64_t usec) {
    if (usec == kInfinity) return "never";
    constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const auto seconds = static_cast<time_t>(usec / 1000000);
    tm parts{};
    if (localtime_r(&seconds, &parts) == nullptr) return "@" + std::to_string(seconds);
    return text_of("%s %04d-%02d-%02d %02d:%02d:%02d %s",
                   kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_year + 1900,
                   parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                   parts.tm_zone);
}

std::string format_mode(std::uint64_t mode) {
    return text_of("0%03llo", static_cast<unsigned long long>(mode));
}

std::string format_share(std::uint64_t share) {
    return text_of("%.1f%%", static_cast<double>(share) * 100 / static_cast<double>(kShareOfAll));
}

}  // namespace hearth::homectl
