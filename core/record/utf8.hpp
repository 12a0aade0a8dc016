// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::record {

/// The length in bytes (1 to 4) of the character that starts at `at`, or 0 if there is no valid
/// one: overlong forms, surrogates, values above U+10FFFF and the Unicode non-characters are not
/// valid.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// May this code point appear in a record?
bool is_text_code_point(std::uint32_t code_point);

/// Writes the character in as few bytes as it needs, at most 4, and says how many.
std::size_t encode_utf8(char* out, std::uint32_t code_point);
/// The same at the end of a text.
void append_utf8(std::string& out, std::uint32_t code_point);

/// Is all of it valid UTF-8 in this sense?
bool is_utf8(std::string_view text);

}  // namespace hearth::record
