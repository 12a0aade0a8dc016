// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/value.hpp"

#include <charconv>
#include <limits>

#include "core/record/poco_value.hpp"

namespace hearth::record {

using Poco::Dynamic::Var;

Result<Value> Value::parse(std::string_view json) {
    HEARTH_TRY(var, parse_var(json));
    return ValueBridge::from_var(var);
}

std::optional<bool> Value::flag() const {
    if (const auto* flag = std::get_if<bool>(&state_)) return *flag;
    return {};
}

std::optional<std::string> Value::text() const {
    if (const auto* text = std::get_if<std::string>(&state_)) return *text;
    return {};
}

std::optional<std::uint64_t> Value::number() const {
    if (const auto* number = std::get_if<std::uint64_t>(&state_)) return *number;
    if (const auto* number = std::get_if<std::int64_t>(&state_); number && *number >= 0)
        return static_cast<std::uint64_t>(*number);
    const auto* text = std::get_if<std::string>(&state_);
    if (!text || text->empty()) return {};
    std::uint64_t parsed = 0;
    const char* end = text->data() + text->size();
    const auto result = std::from_chars(text->data(), end, parsed);
    if (result.ec != std::errc() || result.ptr != end) return {};
    return parsed;
}

std::optional<std::int64_t> Value::integer() const {
    if (const auto* number = std::get_if<std::int64_t>(&state_)) return *number;
    const auto* number = std::get_if<std::uint64_t>(&state_);
    if (!number || *number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return {};
    return static_cast<std::int64_t>(*number);
}

std::optional<std::vector<std::string>> Value::strings() const {
    if (const auto* list = std::get_if<std::vector<std::string>>(&state_)) return *list;
    if (const auto* text = std::get_if<std::string>(&state_)) return std::vector{*text};
    return {};
}

std::string Value::json() const {
    return to_canonical(ValueBridge::to_var(*this));
}

namespace {

Var list_to_var(const std::vector<std::string>& list) {
    Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
    for (const auto& text : list) array->add(text);
    return array;
}

std::optional<std::vector<std::string>> all_texts(const Poco::JSON::Array& array) {
    std::vector<std::string> list;
    for (const auto& element : array) {
        if (element.type() != typeid(std::string)) return {};
        list.push_back(element.extract<std::string>());
    }
    return list;
}

}  // namespace

Var ValueBridge::to_var(const Value& value) {
    struct Visitor {
        Var operator()(std::nullptr_t) const { return {}; }
        Var operator()(bool flag) const { return flag; }
        Var operator()(std::int64_t number) const { return Poco::Int64{number}; }
        Var operator()(std::uint64_t number) const { return Poco::UInt64{number}; }
        Var operator()(const std::string& text) const { return text; }
        Var operator()(const std::vector<std::string>& list) const { return list_to_var(list); }
        Var operator()(const Value::Json& json) const {
            // It was printed from a document that came through the gate, but may have grown: no
            // limits.
            constexpr JsonLimits kNone{SIZE_MAX, 1024, SIZE_MAX};
            return parse_var(json.text, kNone).value();
        }
    };
    return std::visit(Visitor{}, value.state_);
}

Value ValueBridge::from_var(const Var& var) {
    if (var.isEmpty()) return {};
    if (var.type() == typeid(std::string)) return var.extract<std::string>();
    if (var.isBoolean()) return var.extract<bool>();
    if (var.isInteger() && var.isSigned()) return std::int64_t{var.convert<Poco::Int64>()};
    if (var.isInteger()) return std::uint64_t{var.convert<Poco::UInt64>()};
    if (const auto array = as_array(var))
        if (auto list = all_texts(*array)) return *std::move(list);
    Value value;
    value.state_ = Value::Json{to_canonical(var)};
    return value;
}

}  // namespace hearth::record
