// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Private to core/record.

namespace hearth::record {

/// "At line 1, column 3 (byte 2)." Lines and columns count from 1, columns in bytes.
std::string json_position(std::string_view text, std::size_t offset);

}  // namespace hearth::record
