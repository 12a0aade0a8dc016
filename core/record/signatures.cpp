// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/signatures.hpp"

#include <algorithm>

#include "core/record/base64.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

namespace {

constexpr std::size_t kFirstFragileSize = 4;

Error bad_signature(const UserRecord& record, const std::string& why) {
    return Error(Code::corrupt, "record-bad-signature",
                 "The signature of the user record of " + record.identity() + " is malformed.")
        .why(why)
        .hint("Get the record again from where it was made.");
}

std::string text_of(const Object& object, const char* name) {
    return object.get(name).text().value_or("");
}

bool holds_object(const Value& value) {
    if (value.object()) return true;
    const auto* array = value.array();
    return array && std::any_of(array->begin(), array->end(), holds_object);
}

bool is_fragile(const Value& value) {
    if (const auto* object = value.object())
        return std::any_of(object->begin(), object->end(),
                           [](const auto& member) { return is_fragile(member.second); });
    const auto* array = value.array();
    if (!array) return false;
    return (array->size() >= kFirstFragileSize && holds_object(value)) ||
           std::any_of(array->begin(), array->end(), is_fragile);
}

}  // namespace

Result<std::vector<Signature>> read_signatures(const UserRecord& record) {
    std::vector<Signature> signatures;
    const auto* section = record.json().find("signature");
    if (!section) return signatures;
    const auto* array = section->array();
    if (!array) return bad_signature(record, "The signature section is not an array.");
    for (const auto& element : *array) {
        const auto* object = element.object();
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
