// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gpt_format.hpp"

#include <array>

namespace hearth::luks::gpt {

namespace {

constexpr std::array<std::uint32_t, 256> kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t rest = i;
        for (int bit = 0; bit < 8; ++bit) rest = rest >> 1U ^ ((rest & 1U) != 0 ? 0xEDB88320U : 0U);
        table[i] = rest;
    }
    return table;
}();

void append_utf8(std::string& out, std::uint32_t point) {
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | (point >> shift & 0x3FU));
    };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0U | point >> 6U);
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0U | point >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | point >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Takes one character off the front; what is no UTF-8 is taken byte by byte.
std::uint32_t take_point(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint32_t first = byte(0);
    const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 1 || length > text.size()) {
        text.remove_prefix(1);
        return first;
    }
    std::uint32_t point = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) point = point << 6U | (byte(i) & 0x3FU);
    text.remove_prefix(length);
    return point;
}

bool is_high(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
    std::uint32_t rest = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) rest = kCrcTable[(rest ^ byte) & 0xFFU] ^ rest >> 8U;
    return ~rest;
}

std::string name_from_utf16(std::span<const std::uint8_t> bytes) {
    std::string out;
    for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
        std::uint32_t unit = get<std::uint16_t>(bytes, at);
        if (unit == 0) break;
        if (is_high(unit) && at + 4 <= bytes.size()) {
            const std::uint32_t low = get<std::uint16_t>(bytes, at + 2);
            if (is_low(low)) {
                unit = 0x10000U + ((unit - 0xD800U) << 10U) + (low - 0xDC00U);
                at += 2;
            }
        }
        append_utf8(out, is_high(unit) || is_low(unit) ? std::uint32_t{'?'} : unit);
    }
    return out;
}

void name_to_utf16(std::string_view name, std::span<std::uint8_t> out) {
    std::size_t at = 0;
    while (!name.empty()) {
        const std::uint32_t point = take_point(name);
        const std::size_t size = point < 0x10000 ? 2 : 4;
        if (at + size > out.size()) return;
        if (size == 2) {
            put(out, at, static_cast<std::uint16_t>(point));
        } else {
            put(out, at, static_cast<std::uint16_t>(0xD800U + ((point - 0x10000U) >> 10U)));
            put(out, at + 2, static_cast<std::uint16_t>(0xDC00U + ((point - 0x10000U) & 0x3FFU)));
        }
        at += size;
    }
}

}  // namespace hearth::luks::gpt
