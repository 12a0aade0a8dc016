// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json.hpp"

#include <Poco/JSON/ParseHandler.h>
#include <Poco/JSON/Parser.h>

#include <exception>

#include "core/record/json_gate.hpp"
#include "core/record/poco_value.hpp"

namespace hearth::record {

namespace {

/// Text that the gate refuses never comes here, so an exception means that the two disagree.
Result<Poco::Dynamic::Var> parse_checked(std::string_view text) {
    try {
        Poco::JSON::Parser parser;
        parser.setDepth(JsonLimits().depth + 2);
        return parser.parse(std::string(text));
    } catch (const std::exception& problem) {
        return Error(Code::corrupt, "json-syntax", "The JSON text cannot be parsed.")
            .why(std::string("The JSON library says: ") + problem.what() + ".");
    }
}

}  // namespace

Result<Poco::JSON::Object::Ptr> parse_json_object(std::string_view text, const JsonLimits& limits) {
    HEARTH_CHECK(check_json_object(text, limits));
    HEARTH_TRY(var, parse_checked(text));
    return var.extract<Poco::JSON::Object::Ptr>();
}

Result<Poco::Dynamic::Var> parse_var(std::string_view text) {
    HEARTH_CHECK(check_json(text));
    // Poco takes objects and arrays only at the top.
    HEARTH_TRY(var, parse_checked("[" + std::string(text) + "]"));
    return var.extract<Poco::JSON::Array::Ptr>()->get(0);
}

Poco::Dynamic::Var parse_printed(const std::string& text) {
    return parse_checked("[" + text + "]").value().extract<Poco::JSON::Array::Ptr>()->get(0);
}

Poco::JSON::Object::Ptr as_object(const Poco::Dynamic::Var& var) {
    if (var.type() == typeid(Poco::JSON::Object::Ptr))
        return var.extract<Poco::JSON::Object::Ptr>();
    if (var.type() == typeid(Poco::JSON::Object))
        return new Poco::JSON::Object(var.extract<Poco::JSON::Object>());
    return {};
}

Poco::JSON::Array::Ptr as_array(const Poco::Dynamic::Var& var) {
    if (var.type() == typeid(Poco::JSON::Array::Ptr)) return var.extract<Poco::JSON::Array::Ptr>();
    if (var.type() == typeid(Poco::JSON::Array))
        return new Poco::JSON::Array(var.extract<Poco::JSON::Array>());
    return {};
}

Poco::JSON::Object::Ptr deep_copy(const Poco::JSON::Object& object) {
    Poco::JSON::Object::Ptr copy = new Poco::JSON::Object;
    for (const auto& [name, member] : object) copy->set(name, deep_copy(member));
    return copy;
}

Poco::Dynamic::Var deep_copy(const Poco::Dynamic::Var& var) {
    if (const auto object = as_object(var)) return deep_copy(*object);
    const auto array = as_array(var);
    if (!array) return var;
    Poco::JSON::Array::Ptr copy = new Poco::JSON::Array;
    for (const auto& element : *array) copy->add(deep_copy(element));
    return copy;
}

}  // namespace hearth::record
