// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/record/json_limits.hpp"

namespace hearth::record {

/// Checks JSON text byte by byte without building anything; see parse_json_object() for the rules.
/// Succeeds only for exactly one value that fits the limits; the error names line,
/// column and byte offset.
Result<void> check_json(std::string_view text, const JsonLimits& limits = {});

/// The same, and the value must be an object.
Result<void> check_json_object(std::string_view text, const JsonLimits& limits = {});

}  // namespace hearth::record
