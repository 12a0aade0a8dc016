// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json_position.hpp"

#include <algorithm>

namespace hearth::record {

std::string json_position(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n');
    const std::size_t column = offset - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "At line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " +
           std::to_string(offset) + ").";
}

}  // namespace hearth::record
