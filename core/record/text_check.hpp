// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

// Private to core/record: tests on texts that fields use.

namespace hearth::record {

bool is_clean(std::string_view text);  ///< no control characters
bool is_word(
    std::string_view text);  ///< 1 to 128 letters, digits and ". - _", starting with a letter
bool is_uuid(std::string_view text);  ///< 8-4-4-4-12 hexadecimal digits
bool is_absolute_path(
    std::string_view text);  ///< starts with a slash, is not the root, no control characters
bool is_normal_path(std::string_view text);  ///< and no "." or ".." or empty part, no colon
bool is_date(std::string_view text);         ///< YYYY-MM-DD, a day that exists, from 1900 on
bool is_assignment(std::string_view text);   ///< NAME=VALUE with a valid variable name
bool is_blob_name(std::string_view text);    ///< letters, digits and ". - _ ~", no leading dot
bool is_sha256(std::string_view text);       ///< 64 hexadecimal digits

}  // namespace hearth::record
