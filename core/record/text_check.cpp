// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/text_check.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace hearth::record {

namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_variable_character(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}
constexpr bool is_word_character(char c) {
    return is_variable_character(c) || c == '.' || c == '-';
}

template <typename F>
bool all(std::string_view text, F test) {
    return std::all_of(text.begin(), text.end(), test);
}

int number_in(std::string_view digits) {
    int number = -1;
    if (all(digits, is_digit))
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

}  // namespace

bool is_clean(std::string_view text) {
    return all(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 128 && is_letter(text.front()) &&
           all(text, is_word_character);
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash ? text[at] != '-' : !is_hex(text[at])) return false;
    }
    return true;
}

bool is_absolute_path(std::string_view text) {
    return text.size() > 1 && text.size() < 4096 && text.front() == '/' && is_clean(text) &&
           !all(text, [](char c) { return c == '/'; });
}

bool is_normal_path(std::string_view text) {
    if (!is_absolute_path(text) || text.find(':') != std::string_view::npos) return false;
    for (std::size_t at = 1; at <= text.size();) {
        const std::size_t end = std::min(text.find('/', at), text.size());
        const std::string_view part = text.substr(at, end - at);
        if (part.empty() || part == "." || part == "..") return false;
        at = end + 1;
    }
    return true;
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const int year = number_in(text.substr(0, 4));
    const int month = number_in(text.substr(5, 2));
    const int day = number_in(text.substr(8, 2));
    if (year < 1900 || month < 1 || day < 1) return false;
    return std::chrono::year_month_day(std::chrono::year(year),
                                       std::chrono::month(static_cast<unsigned>(month)),
                                       std::chrono::day(static_cast<unsigned>(day)))
        .ok();
}

bool is_assignment(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || is_digit(text.front())) return false;
    return all(text.substr(0, equals), is_variable_character) &&
           all(text.substr(equals), [](char c) {
               return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n';
           });
}

bool is_blob_name(std::string_view text) {
    return !text.empty() && text.size() <= 255 && text.front() != '.' &&
           all(text, [](char c) { return is_word_character(c) || c == '~'; });
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && all(text, is_hex);
}

}  // namespace hearth::record
