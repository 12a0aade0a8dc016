// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base64.hpp"

namespace hearth::fscrypt {

namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The four digits of one group as 24 bits; padding counts as zeros.
std::optional<std::uint32_t> group_of(std::string_view digits, std::size_t padding) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        std::size_t value = 0;
        if (i < 4 - padding) value = kDigits.find(digits[i]);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
    }
    return bits;
}

std::size_t padding_of(std::string_view text) {
    if (text.ends_with("==")) return 2;
    return text.ends_with("=") ? 1 : 0;
}

}  // namespace

std::optional<Bytes> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    Bytes out;
    const std::size_t padding = padding_of(text);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const std::size_t here = at + 4 == text.size() ? padding : 0;
        const auto bits = group_of(text.substr(at, 4), here);
        // Bits that belong to no byte are zeros, or two texts would mean the same bytes.
        if (!bits || (*bits & ((1U << 8U * here) - 1U)) != 0) return std::nullopt;
        for (std::size_t i = 0; i < 3 - here; ++i)
            out.push_back(static_cast<std::uint8_t>(*bits >> (16 - 8 * i)));
    }
    return out;
}

std::string encode_base64(std::span<const std::uint8_t> bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t here = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) bits = bits << 8U | (i < here ? bytes[at + i] : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += i <= here ? kDigits[bits >> (18 - 6 * i) & 63U] : '=';
    }
    return out;
}

}  // namespace hearth::fscrypt
