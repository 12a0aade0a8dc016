// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>

#include "core/record/object.hpp"

namespace hearth::homed::varlink {

/// A parameter that a method takes, and where it goes: a text, or the number of a user or a group.
struct Parameter {
    std::string_view name;
    std::variant<std::optional<std::string_view>*, std::optional<uid_t>*> place;
};

/// Reads the parameters; null is the same as not given. The texts are borrowed. Returns the name
/// of the first that is not taken, or not as it should be.
std::optional<std::string_view> read_parameters(const record::Object& given,
                                                std::initializer_list<Parameter> taken);

}  // namespace hearth::homed::varlink
