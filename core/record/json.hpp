// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <Poco/JSON/Object.h>

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/record/json_limits.hpp"

namespace hearth::record {

/// Parses one JSON object from outside: file, bus, Varlink, LUKS token, ~/.identity.
///
/// The document is Poco's, but Poco's parser never sees the text, because it lets too much through.
/// Refused, each with an id of its own: what is over the limits; NUL, DEL and raw control
/// characters; anything that is not valid UTF-8, also by way of escapes; a key twice in one object;
/// integers outside [-2^63, 2^64-1]; reals that are not whole numbers below 2^53; any text behind
/// the object. DEL is refused even as \u007f: its signed form could never be read back.
Result<Poco::JSON::Object::Ptr> parse_json_object(std::string_view text,
                                                  const JsonLimits& limits = {});

/// The form that signatures cover and that is stored and sent: no spaces, keys sorted bytewise at
/// every depth, array order kept. The document must have come through the gate or from Value.
std::string to_canonical(const Poco::JSON::Object& object);

/// The form of record files: a TAB per level, `"key" : value`, keys sorted, a final newline.
std::string to_pretty(const Poco::JSON::Object& object);

/// A copy that shares nothing: Poco's own copies share all objects and arrays below the first
/// level.
Poco::JSON::Object::Ptr deep_copy(const Poco::JSON::Object& object);

}  // namespace hearth::record
