// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "core/base/result.hpp"
#include "core/record/json_limits.hpp"

// Private to core/record.

namespace hearth::record {

/// A number as it is kept: negative whole numbers, other whole numbers, and whole numbers written
/// as reals.
using JsonNumber = std::variant<std::int64_t, std::uint64_t, double>;

/// Hears what the gate finds, in the order of the text. Texts are unescaped and borrowed for the
/// call. What comes before an error must be thrown away.
class JsonEvents {
  public:
    virtual ~JsonEvents() = default;
    virtual void begin_object() = 0;
    virtual void key(std::string_view name) = 0;
    virtual void end_object() = 0;
    virtual void begin_array() = 0;
    virtual void end_array() = 0;
    virtual void text(std::string_view text) = 0;
    virtual void number(const JsonNumber& number) = 0;
    virtual void flag(bool flag) = 0;
    virtual void null() = 0;
};

/// Checks as check_json() does, and tells `events` about it.
Result<void> scan_json(std::string_view text, const JsonLimits& limits, bool object_only,
                       JsonEvents& events);

}  // namespace hearth::record
