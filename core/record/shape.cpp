// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/shape.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace hearth::record {

namespace {

enum class Shape { object, machines, objects, anything };

struct SectionShape {
    std::string_view name;
    Sections section;
    Shape shape;
};

/// `signature` is judged by whoever verifies it, which has errors of its own for that.
constexpr std::array kSections{
    SectionShape{"privileged", Sections::privileged, Shape::object},
    SectionShape{"perMachine", Sections::per_machine, Shape::objects},
    SectionShape{"binding", Sections::binding, Shape::machines},
    SectionShape{"status", Sections::status, Shape::machines},
    SectionShape{"signature", Sections::signature, Shape::anything},
    SectionShape{"secret", Sections::secret, Shape::object},
};

const SectionShape* find_section(std::string_view name) {
    const auto* found = std::find_if(kSections.begin(), kSections.end(),
                                     [name](const auto& s) { return s.name == name; });
    return found == kSections.end() ? nullptr : found;
}

bool is_object(const Value& value) {
    return value.object() != nullptr;
}

bool fits(const Value& value, Shape shape) {
    switch (shape) {
        case Shape::object:
            return is_object(value);
        case Shape::machines: {
            const auto* object = value.object();
            return object && std::all_of(object->begin(), object->end(),
                                         [](const auto& m) { return is_object(m.second); });
        }
        case Shape::objects: {
            const auto* array = value.array();
            return array && std::all_of(array->begin(), array->end(), is_object);
        }
        case Shape::anything:
            return true;
    }
    return false;
}

const char* describe(Shape shape) {
    switch (shape) {
        case Shape::object:
            return "It must be an object.";
        case Shape::machines:
            return "It must be an object that has one object per machine id.";
        default:
            return "It must be an array of objects.";
    }
}

}  // namespace

Sections section_of(std::string_view name) {
    const auto* section = find_section(name);
    return section ? section->section : Sections::regular;
}

Result<void> check_member_shape(std::string_view name, const Value& value) {
    if (name == "userName" && !value.string())
        return Error(Code::corrupt, "record-without-name", "The user record has no user name.")
            .why("userName must be a text.");
    const auto* section = find_section(name);
    if (section && !fits(value, section->shape))
        return Error(Code::corrupt, "record-section",
                     "The section \"" + std::string(name) + "\" of the user record is malformed.")
            .why(describe(section->shape));
    return ok();
}

Result<void> check_shape(const Object& document) {
    if (!document.contains("userName"))
        return Error(Code::corrupt, "record-without-name", "The user record has no user name.")
            .why("The field userName is missing.");
    for (const auto& [name, value] : document) HEARTH_CHECK(check_member_shape(name, value));
    return ok();
}

}  // namespace hearth::record
