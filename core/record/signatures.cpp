// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/signatures.hpp"

#include <algorithm>

#include "core/record/base64.hpp"
#include "core/record/poco_value.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

using Poco::Dynamic::Var;

namespace {

constexpr std::size_t kFirstFragileSize = 4;

Error bad_signature(const UserRecord& record, const std::string& why) {
    return Error(Code::corrupt, "record-bad-signature",
                 "The signature of the user record of " + record.identity() + " is malformed.")
        .why(why)
        .hint("Get the record again from where it was made.");
}

std::string text_of(const Poco::JSON::Object& object, const char* name) {
    const Var value = object.get(name);
    return value.type() == typeid(std::string) ? value.extract<std::string>() : std::string();
}

bool holds_object(const Var& value) {
    if (as_object(value)) return true;
    const auto array = as_array(value);
    return array && std::any_of(array->begin(), array->end(), holds_object);
}

bool is_fragile(const Var& value) {
    if (const auto object = as_object(value))
        return std::any_of(object->begin(), object->end(),
                           [](const auto& member) { return is_fragile(member.second); });
    const auto array = as_array(value);
    if (!array) return false;
    return (array->size() >= kFirstFragileSize && holds_object(value)) ||
           std::any_of(array->begin(), array->end(), is_fragile);
}

}  // namespace

Result<std::vector<Signature>> read_signatures(const UserRecord& record) {
    std::vector<Signature> signatures;
    const Var section = record.json().get("signature");
    if (section.isEmpty() && !record.json().has("signature")) return signatures;
    const auto array = as_array(section);
    if (!array) return bad_signature(record, "The signature section is not an array.");
    for (const auto& element : *array) {
        const auto object = as_object(element);
        if (!object)
            return bad_signature(record, "An element of the signature section is not an object.");
        auto data = from_base64(text_of(*object, "data"));
        if (!data || data->empty())
            return bad_signature(record, "An element has no data in base64.");
        signatures.push_back({*std::move(data), text_of(*object, "key")});
    }
    return signatures;
}

bool has_fragile_array(const UserRecord& record) {
    const auto& document = record.json();
    return std::any_of(document.begin(), document.end(), [](const auto& member) {
        return overlap(section_of(member.first), Sections::signed_part) &&
               is_fragile(member.second);
    });
}

}  // namespace hearth::record
