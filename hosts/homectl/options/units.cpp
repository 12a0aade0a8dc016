// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/units.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace hearth::homectl {

namespace {

constexpr std::string_view kSizeLetters = "BKMGTPE";

struct Unit {
    std::string_view name;
    double microseconds;
};

constexpr double kSecond = 1e6;
constexpr double kDay = 86400 * kSecond;

constexpr std::array kUnits = {
    Unit{"us", 1},
    Unit{"usec", 1},
    Unit{"µs", 1},
    Unit{"ms", 1e3},
    Unit{"msec", 1e3},
    Unit{"s", kSecond},
    Unit{"sec", kSecond},
    Unit{"second", kSecond},
    Unit{"seconds", kSecond},
    Unit{"m", 60 * kSecond},
    Unit{"min", 60 * kSecond},
    Unit{"minute", 60 * kSecond},
    Unit{"minutes", 60 * kSecond},
    Unit{"h", 3600 * kSecond},
    Unit{"hr", 3600 * kSecond},
    Unit{"hour", 3600 * kSecond},
    Unit{"hours", 3600 * kSecond},
    Unit{"d", kDay},
    Unit{"day", kDay},
    Unit{"days", kDay},
    Unit{"w", 7 * kDay},
    Unit{"week", 7 * kDay},
    Unit{"weeks", 7 * kDay},
    Unit{"M", 30.4375 * kDay},
    Unit{"month", 30.4375 * kDay},
    Unit{"months", 30.4375 * kDay},
    Unit{"y", 365.25 * kDay},
    Unit{"year", 365.25 * kDay},
    Unit{"years", 365.25 * kDay},
};

/// Takes a decimal number, perhaps with a fraction, off the front.
std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(value) || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

void skip_spaces(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

std::optional<double> take_unit(std::string_view& text) {
    const std::size_t length = std::min(text.find_first_of(" 0123456789"), text.size());
    const std::string_view name = text.substr(0, length);
    text.remove_prefix(length);
    if (name.empty()) return kSecond;
    const auto* unit =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end()) return std::nullopt;
    return unit->microseconds;
}

/// Below 2^64 with room to spare, so that the cast is defined.
std::optional<std::uint64_t> to_integer(double value) {
    if (value >= 18446744073709549568.0) return std::nullopt;
    return static_cast<std::uint64_t>(value);
}

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
    constexpr std::array kYes = {"1", "yes", "y", "true", "t", "on"};
    constexpr std::array kNo = {"0", "no", "n", "false", "f", "off"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (std::find(kYes.begin(), kYes.end(), lower) != kYes.end()) return true;
    if (std::find(kNo.begin(), kNo.end(), lower) != kNo.end()) return false;
    return std::nullopt;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text, unsigned base) {
    std::uint64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value, static_cast<int>(base));
    if (error != std::errc{} || end != last) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_signed(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    if (const auto whole = parse_unsigned(text)) return whole;
    const std::optional<double> number = take_number(text);
    if (!number) return std::nullopt;
    skip_spaces(text);
    if (text.ends_with("iB")) text.remove_suffix(2);
    if (text.size() == 2 && text[1] == 'B') text.remove_suffix(1);
    if (text.empty()) return to_integer(*number);
    const std::size_t power = kSizeLetters.find(text[0]);
    if (text.size() != 1 || power == std::string_view::npos) return std::nullopt;
    return to_integer(std::ldexp(*number, static_cast<int>(power) * 10));
}

std::optional<std::uint64_t> parse_share(std::string_view text) {
    double whole = 0;
    for (const auto& [sign, parts] :
         {std::pair{"%", 100.0}, {"\u2030", 1000.0}, {"\u2031", 10000.0}}) {
        if (!text.ends_with(sign)) continue;
        text.remove_suffix(std::string_view(sign).size());
        whole = parts;
    }
    const std::optional<double> number = take_number(text);
    if (whole == 0 || !number || !text.empty() || *number > whole) return std::nullopt;
    return static_cast<std::uint64_t>(
        std::llround(*number / whole * static_cast<double>(kShareOfAll)));
}

std::optional<std::uint64_t> parse_span(std::string_view text) {
    if (text == "infinity") return kInfinity;
    double sum = 0;
    skip_spaces(text);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        const std::optional<double> number = take_number(text);
        skip_spaces(text);
        const std::optional<double> unit = number ? take_unit(text) : std::nullopt;
        if (!unit) return std::nullopt;
        sum += *number * *unit;
        skip_spaces(text);
    }
    return to_integer(std::round(sum));
}

std::uint64_t now_usec() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1000000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

}  // namespace hearth::homectl
