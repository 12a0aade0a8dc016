// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "core/record/schema.hpp"
#include "core/record/value.hpp"

// Private to core/record.

namespace hearth::record {

/// Nothing if the value fits the field; else a sentence that says what it must be. null always
/// fits: it resets a field.
std::optional<std::string> misfit(const Field& field, const Value& value);

}  // namespace hearth::record
