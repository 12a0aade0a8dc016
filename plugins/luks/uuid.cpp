// SPDX-License-Identifier: LGPL-2.1-or-later
#include "uuid.hpp"

#include <sys/random.h>

#include <algorithm>

namespace hearth::luks {

namespace {

constexpr std::size_t kTextSize = 36;
constexpr std::string_view kDigits = "0123456789abcdef";

bool is_dash_place(std::size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

int value_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/// The digits alone, if the dashes are in their places or there are none.
std::optional<std::string> digits_of(std::string_view text) {
    if (text.size() == 32) return std::string(text);
    if (text.size() != kTextSize) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_place(i) != (text[i] == '-')) return std::nullopt;
        if (!is_dash_place(i)) out += text[i];
    }
    return out;
}

}  // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits) return std::nullopt;
    Uuid out;
    for (std::size_t i = 0; i < out.bytes.size(); ++i) {
        const int high = value_of((*digits)[2 * i]);
        const int low = value_of((*digits)[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return out;
}

std::string to_text(const Uuid& uuid) {
    std::string out;
    for (const std::uint8_t byte : uuid.bytes) {
        if (is_dash_place(out.size())) out += '-';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

std::optional<Uuid> random_uuid() {
    Uuid out;
    if (getrandom(out.bytes.data(), out.bytes.size(), 0) != static_cast<ssize_t>(out.bytes.size()))
        return std::nullopt;
    // Version 4, variant 1.
    out.bytes[6] = static_cast<std::uint8_t>((out.bytes[6] & 0x0FU) | 0x40U);
    out.bytes[8] = static_cast<std::uint8_t>((out.bytes[8] & 0x3FU) | 0x80U);
    return out;
}

Uuid swap_fields(const Uuid& uuid) {
    Uuid out = uuid;
    std::reverse(out.bytes.begin(), out.bytes.begin() + 4);
    std::reverse(out.bytes.begin() + 4, out.bytes.begin() + 6);
    std::reverse(out.bytes.begin() + 6, out.bytes.begin() + 8);
    return out;
}

}  // namespace hearth::luks
