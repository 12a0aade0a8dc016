// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <Poco/Dynamic/Var.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include "core/record/json_limits.hpp"
#include "core/record/value.hpp"

// Private to core/record: where Value and Poco's documents meet.

namespace hearth::record {

struct ValueBridge {
    static Poco::Dynamic::Var to_var(const Value& value);
    static Value from_var(const Poco::Dynamic::Var& var);
};

/// Any JSON text, through the gate.
Result<Poco::Dynamic::Var> parse_var(std::string_view text, const JsonLimits& limits = {});

Poco::Dynamic::Var deep_copy(const Poco::Dynamic::Var& var);
std::string to_canonical(const Poco::Dynamic::Var& var);
/// Only the members whose name `keep` accepts, at the first level.
std::string to_canonical_if(const Poco::JSON::Object& object,
                            bool (*keep)(const std::string& name));

/// The object or array in a Var, or null. Works for both ways in which Poco holds them.
Poco::JSON::Object::Ptr as_object(const Poco::Dynamic::Var& var);
Poco::JSON::Array::Ptr as_array(const Poco::Dynamic::Var& var);

}  // namespace hearth::record
