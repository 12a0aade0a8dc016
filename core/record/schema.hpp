// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "core/record/sections.hpp"
#include "core/record/value.hpp"

namespace hearth::record {

/// What a field must look like. Whole numbers may be written as texts of digits, but for `integer`.
enum class FieldType {
    text,         ///< any text
    clean_text,   ///< no control characters
    word,         ///< letters, digits, dot, dash, underscore: what names a backend or a file system
    user_name,    ///< the relaxed rules
    user_names,   ///< an array of them
    group_names,  ///< an array, the same rules
    realm,        ///< a DNS name
    uuid,         ///< in the form with dashes
    absolute_path,    ///< a slash in front, nothing else
    normal_path,      ///< absolute, without "..", ".", double slashes, colons
    flag,             ///< true or false
    number,           ///< from `least` to `most`
    mode,             ///< a number, or a text of octal digits
    integer,          ///< from minus `least` to `most`
    strings,          ///< an array of texts
    text_or_strings,  ///< one text or an array of texts
    environment,      ///< an array of NAME=VALUE
    disposition,      ///< one of the seven kinds of user
    user_id,          ///< a UID or GID that may belong to someone
    birth_date,       ///< YYYY-MM-DD
    auto_resize,      ///< off, grow, shrink-and-grow, or true or false
    weight,           ///< 0 to 10000, true, false
    resource_limits,  ///< an object of {cur, max} objects
    manifest,         ///< an object of file names and SHA-256 sums
    objects,          ///< an array of objects
};

/// One field: where it may stand and what it must look like.
struct Field {
    std::string_view name;
    FieldType type;
    Sections sections;
    std::uint64_t least = 0;
    std::uint64_t most = UINT64_MAX;
};

/// Nothing for fields that nobody knows: these are extensions, and kept as they are.
const Field* find_field(std::string_view name);

/// Where the field counts. Fields that nobody knows count wherever they stand.
Sections sections_of_field(std::string_view name);

}  // namespace hearth::record
