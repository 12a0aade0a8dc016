// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/parameters.hpp"

#include <algorithm>
#include <cstdint>

#include "core/record/value.hpp"

namespace hearth::homed::varlink {

namespace {

/// The two numbers that stand for "none" in the system's calls, with 32 bits and with 16.
constexpr std::uint64_t kNone32 = 0xffffffff;
constexpr std::uint64_t kNone16 = 0xffff;

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

}  // namespace

std::optional<std::string_view> read_parameters(const record::Object& given,
                                                std::initializer_list<Parameter> taken) {
    for (const auto& [name, value] : given) {
        const auto* const parameter = std::find_if(
            taken.begin(), taken.end(), [&](const Parameter& one) { return one.name == name; });
        if (parameter == taken.end()) return name;
        if (value.is_null()) continue;
        const bool fits =
            std::visit([&](auto* place) { return put(value, *place); }, parameter->place);
        if (!fits) return name;
    }
    return std::nullopt;
}

}  // namespace hearth::homed::varlink
