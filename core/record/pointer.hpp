// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/value.hpp"

// Private to core/record.

namespace hearth::record {

/// The parts of a JSON pointer (RFC 6901); a text without a leading slash is one field name.
/// Nothing if it is malformed.
std::optional<std::vector<std::string>> parse_pointer(std::string_view text);

/// Follows path[from...] down from `start`; null if it leads nowhere.
const Value* follow(const Value* start, const std::vector<std::string>& path, std::size_t from);

}  // namespace hearth::record
