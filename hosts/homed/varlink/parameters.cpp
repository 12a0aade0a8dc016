// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/parameters.hpp"

#include <cstdint>

#include "core/record/value.hpp"

namespace hearth::homed::varlink {

namespace {

/// The two numbers that stand for "none" in the system's calls, with 32 bits and with 16.
constexpr std::uint64_t kNone32 = 0xffffffff;
constexpr std::uint64_t kNone16 = 0xffff;

using Place = decltype(Parameter::place);

bool put(const record::Value& value, std::optional<std::string_view>& place) {
    if (value.string() == nullptr) return false;
    place = *value.string();
    return true;
}

bool put(const record::Value& value, std::optional<uid_t>& place) {
    const auto number = value.natural();
    if (!number || *number >= kNone32 || *number == kNone16) return false;
    place = static_cast<uid_t>(*number);
    return true;
}

bool put(const record::Value& value, const Place& place) {
    return value.is_null() || std::visit([&](auto* one) { return put(value, *one); }, place);
}

const Parameter* find(std::initializer_list<Parameter> parameters, std::string_view name) {
    for (const Parameter& one : parameters)
        if (one.name == name) return &one;
    return nullptr;
}

}  // namespace

std::optional<std::string_view> read_parameters(const record::Object& given,
                                                std::initializer_list<Parameter> taken) {
    for (const auto& [name, value] : given) {
        const Parameter* const parameter = find(taken, name);
        if (parameter == nullptr || !put(value, parameter->place)) return name;
    }
    return std::nullopt;
}

}  // namespace hearth::homed::varlink
