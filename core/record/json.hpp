// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/record/json_limits.hpp"
#include "core/record/object.hpp"
#include "core/record/value.hpp"

namespace hearth::record {

/// Parses one JSON object from outside: file, bus, Varlink, LUKS token, ~/.identity.
///
/// Refused, each with an id of its own: what is over the limits; NUL, DEL and raw control
/// characters; anything that is not valid UTF-8, also by way of escapes; a key twice in one object;
/// integers outside [-2^63, 2^64-1]; reals that are not whole numbers below 2^53; any text behind
/// the object. DEL is refused even as \u007f: its signed form could never be read back.
Result<Object> parse_json_object(std::string_view text, const JsonLimits& limits = {});

/// The same for a value of any kind.
Result<Value> parse_json(std::string_view text, const JsonLimits& limits = {});

/// The form that signatures cover and that is stored and sent: no spaces, keys sorted bytewise at
/// every depth, array order kept.
std::string to_canonical(const Object& object);
std::string to_canonical(const Value& value);
/// Only the members whose name `keep` accepts, at the first level.
std::string to_canonical_if(const Object& object, bool (*keep)(std::string_view name));

/// The form of record files: a TAB per level, `"key" : value`, keys sorted, a final newline.
std::string to_pretty(const Object& object);

}  // namespace hearth::record
