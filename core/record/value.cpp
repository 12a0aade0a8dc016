// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/value.hpp"

#include <charconv>
#include <limits>

#include "core/record/json.hpp"

namespace hearth::record {

Value::Value(std::vector<std::string> list) {
    Array& array = state_.emplace<Array>();
    array.reserve(list.size());
    for (auto& text : list) array.emplace_back(std::move(text));
}

Value::State Value::signed_state(std::int64_t number) {
    if (number < 0) return number;
    return static_cast<std::uint64_t>(number);
}

Result<Value> Value::parse(std::string_view json, const JsonLimits& limits) {
    return parse_json(json, limits);
}

std::optional<bool> Value::flag() const {
    if (const auto* flag = std::get_if<bool>(&state_)) return *flag;
    return {};
}

std::optional<std::string> Value::text() const {
    if (const auto* text = string()) return *text;
    return {};
}

std::optional<std::uint64_t> Value::number() const {
    const auto* text = string();
    if (!text) return natural();
    std::uint64_t parsed = 0;
    const char* end = text->data() + text->size();
    const auto result = std::from_chars(text->data(), end, parsed);
    if (result.ec != std::errc() || result.ptr != end) return {};
    return parsed;
}

std::optional<std::uint64_t> Value::natural() const {
    if (const auto* number = std::get_if<std::uint64_t>(&state_)) return *number;
    return {};
}

std::optional<std::int64_t> Value::integer() const {
    if (const auto* number = std::get_if<std::int64_t>(&state_)) return *number;
    const auto number = natural();
    if (!number || *number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return {};
    return static_cast<std::int64_t>(*number);
}

std::optional<std::vector<std::string>> Value::strings() const {
    if (const auto* text = string()) return std::vector{*text};
    const auto* elements = array();
    if (!elements) return {};
    std::vector<std::string> list;
    list.reserve(elements->size());
    for (const auto& element : *elements) {
        const auto* text = element.string();
        if (!text) return {};
        list.push_back(*text);
    }
    return list;
}

std::string Value::json() const {
    return to_canonical(*this);
}

bool Value::operator==(const Value& other) const {
    return state_ == other.state_;
}

}  // namespace hearth::record
