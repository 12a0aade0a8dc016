// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json_cursor.hpp"

#include <algorithm>
#include <cstdint>

#include "core/record/json_characters.hpp"
#include "core/record/utf8.hpp"

namespace hearth::record {

namespace {

std::uint32_t code_unit(std::string_view digits) {
    std::uint32_t out = 0;
    for (const char c : digits.substr(0, 4))
        out = out * 16 + static_cast<std::uint32_t>(hex_value(c));
    return out;
}

/// Reads what follows "\u", moves `at` behind it.
std::uint32_t code_point(std::string_view quoted, std::size_t& at) {
    const std::uint32_t first = code_unit(quoted.substr(at));
    at += 4;
    if (first < 0xD800 || first > 0xDBFF) return first;
    const std::uint32_t second = code_unit(quoted.substr(at + 2));
    at += 6;
    return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
}

/// What a text says, which is never longer than how it is written.
std::size_t unescape(std::string_view quoted, char* out) {
    constexpr std::string_view kShort = "bfnrt";
    constexpr std::string_view kMeaning = "\b\f\n\r\t";
    char* end = out;
    for (std::size_t at = 0; at < quoted.size();) {
        const char c = quoted[at++];
        if (c != '\\') {
            *end++ = c;
            continue;
        }
        const char which = quoted[at++];
        const std::size_t special = kShort.find(which);
        if (which == 'u')
            end += encode_utf8(end, code_point(quoted, at));
        else
            *end++ = special == std::string_view::npos ? which : kMeaning[special];
    }
    return static_cast<std::size_t>(end - out);
}

}  // namespace

void JsonCursor::skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string::npos)
        ++at_;
}

void JsonCursor::enter() {
    ++at_;
    skip_space();
}

bool JsonCursor::at_end_of(char bracket) {
    if (text_[at_] == ',') enter();
    if (text_[at_] != bracket) return false;
    enter();
    return true;
}

bool JsonCursor::next_element() {
    return !at_end_of(']');
}

std::optional<std::string> JsonCursor::next_member() {
    if (at_end_of('}')) return std::nullopt;
    const std::string_view quoted = take_quoted();
    std::string name(quoted.size(), '\0');
    name.resize(unescape(quoted, name.data()));
    enter();
    return name;
}

std::string_view JsonCursor::take_quoted() {
    const std::size_t begin = ++at_;
    while (text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    const std::string_view quoted = text_.substr(begin, at_ - begin);
    enter();
    return quoted;
}

std::string_view JsonCursor::skip() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    std::size_t depth = 0;
    do {
        const char c = text_[at_];
        if (c == '"') {
            end = static_cast<std::size_t>(take_quoted().end() - text_.begin()) + 1;
        } else if (c == '{' || c == '[') {
            ++depth;
            enter();
        } else if (c == '}' || c == ']') {
            --depth;
            end = at_ + 1;
            enter();
        } else if (c == ',' || c == ':') {
            enter();
        } else {
            at_ = std::min(text_.find_first_of(" \t\n\r,]}", at_), text_.size());
            end = at_;
            skip_space();
        }
    } while (depth > 0);
    return text_.substr(begin, end - begin);
}

Result<secret::Secret> JsonCursor::take_text() {
    const std::string_view quoted = take_quoted();
    HEARTH_TRY(text, secret::Secret::with_size(quoted.size()));
    if (!quoted.empty())
        text.shrink(unescape(quoted, static_cast<char*>(static_cast<void*>(text.expose().data()))));
    return text;
}

bool JsonCursor::take_flag() {
    return skip() == "true";
}

}  // namespace hearth::record
