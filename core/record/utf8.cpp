// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/utf8.hpp"

namespace hearth::record {

namespace {

struct Form {
    std::size_t length;
    std::uint32_t first_bits;
    std::uint32_t smallest;  ///< anything below could have been written shorter
};

constexpr Form form_of(unsigned char lead) {
    if (lead < 0x80) return {1, lead, 0};
    if ((lead & 0xE0) == 0xC0) return {2, lead & 0x1FU, 0x80};
    if ((lead & 0xF0) == 0xE0) return {3, lead & 0x0FU, 0x800};
    if ((lead & 0xF8) == 0xF0) return {4, lead & 0x07U, 0x10000};
    return {0, 0, 0};
}

}  // namespace

bool is_text_code_point(std::uint32_t code_point) {
    if (code_point > 0x10FFFF) return false;
    if (code_point >= 0xD800 && code_point <= 0xDFFF) return false;
    if (code_point >= 0xFDD0 && code_point <= 0xFDEF) return false;
    return (code_point & 0xFFFE) != 0xFFFE;
}

std::size_t utf8_length(std::string_view text, std::size_t at) {
    const Form form = form_of(static_cast<unsigned char>(text[at]));
    if (form.length <= 1) return form.length;
    if (text.size() - at < form.length) return 0;
    std::uint32_t code_point = form.first_bits;
    for (std::size_t i = 1; i < form.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xC0) != 0x80) return 0;
        code_point = (code_point << 6U) | (byte & 0x3FU);
    }
    return code_point >= form.smallest && is_text_code_point(code_point) ? form.length : 0;
}

std::size_t encode_utf8(char* out, std::uint32_t code_point) {
    const std::uint32_t c = code_point;
    if (c < 0x80) {
        *out = static_cast<char>(c);
        return 1;
    }
    const std::size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    constexpr std::uint32_t kLead[] = {0xC0, 0xE0, 0xF0};
    std::uint32_t bits = c;
    for (std::size_t i = length - 1; i > 0; --i, bits >>= 6U)
        out[i] = static_cast<char>(0x80U | (bits & 0x3FU));
    *out = static_cast<char>(kLead[length - 2] | bits);
    return length;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    char bytes[4];
    out.append(bytes, encode_utf8(bytes, code_point));
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

}  // namespace hearth::record
