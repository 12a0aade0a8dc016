// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/field_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/record/names.hpp"
#include "core/record/text_check.hpp"

namespace hearth::record {

namespace {

using Misfit = std::optional<std::string>;
using TextTest = bool (*)(std::string_view);

constexpr std::uint64_t kNoUser32 = 0xFFFFFFFF;
constexpr std::uint64_t kNoUser16 = 0xFFFF;

Misfit unless(bool good, const char* sentence) {
    return good ? Misfit() : Misfit(sentence);
}

bool is_text(const Value& value, TextTest test) {
    const auto* text = value.string();
    return text && test(*text);
}

bool is_list(const Value& value, TextTest test) {
    const auto* array = value.array();
    return array && std::all_of(array->begin(), array->end(),
                                [test](const Value& element) { return is_text(element, test); });
}

bool any_text(std::string_view) {
    return true;
}
bool is_relaxed_name(std::string_view name) {
    return check_relaxed_user_name(name).has_value();
}
bool is_realm(std::string_view name) {
    return check_realm(name).has_value();
}

Misfit number_misfit(const Field& field, const Value& value) {
    const auto number = value.number();
    if (number && *number >= field.least && *number <= field.most) return {};
    return "It must be a whole number from " + std::to_string(field.least) + " to " +
           std::to_string(field.most) + ".";
}

Misfit integer_misfit(const Field& field, const Value& value) {
    const auto number = value.integer();
    const auto least = -static_cast<std::int64_t>(field.least);
    const auto most = static_cast<std::int64_t>(field.most);
    if (number && *number >= least && *number <= most) return {};
    return "It must be a whole number from " + std::to_string(least) + " to " +
           std::to_string(most) + ".";
}

Misfit mode_misfit(const Field& field, const Value& value) {
    const auto* text = value.string();
    if (!text) return number_misfit(field, value);
    std::uint64_t mode = 0;
    const char* end = text->data() + text->size();
    const auto result = std::from_chars(text->data(), end, mode, 8);
    return unless(result.ec == std::errc() && result.ptr == end && mode <= field.most,
                  "As a text it must be an octal number in range.");
}

Misfit user_id_misfit(const Value& value) {
    const auto number = value.number();
    return unless(number && *number < kNoUser32 && *number != kNoUser16,
                  "It must be an id from 0 to 4294967294, but not 65535.");
}

Misfit choice_misfit(const Value& value, std::initializer_list<std::string_view> choices) {
    const auto* text = value.string();
    if (text && std::find(choices.begin(), choices.end(), *text) != choices.end()) return {};
    std::string sentence = "It must be one of:";
    for (const auto choice : choices) sentence += " " + std::string(choice);
    return sentence + ".";
}

bool is_limit(const Value& value) {
    const auto* limit = value.object();
    const auto bound = [&](const char* name) {
        const auto* found = limit->find(name);
        return found && (found->is_null() || found->number());
    };
    return limit && limit->size() == 2 && bound("cur") && bound("max");
}

bool are_limits(const Value& value) {
    const auto* limits = value.object();
    return limits && std::all_of(limits->begin(), limits->end(), [](const auto& member) {
               return member.first.starts_with("RLIMIT_") && is_limit(member.second);
           });
}

bool is_manifest(const Value& value) {
    const auto* manifest = value.object();
    return manifest && std::all_of(manifest->begin(), manifest->end(), [](const auto& member) {
               return is_blob_name(member.first) && is_text(member.second, is_sha256);
           });
}

bool are_objects(const Value& value) {
    const auto* array = value.array();
    return array && std::all_of(array->begin(), array->end(),
                                [](const Value& element) { return element.object() != nullptr; });
}

Misfit text_misfit(FieldType type, const Value& value) {
    switch (type) {
        case FieldType::clean_text:
            return unless(is_text(value, is_clean),
                          "It must be a text without control characters.");
        case FieldType::word:
            return unless(is_text(value, is_word),
                          "It must be a short word of letters, digits, dots and dashes.");
        case FieldType::user_name:
            return unless(is_text(value, is_relaxed_name), "It must be a user name.");
        case FieldType::realm:
            return unless(is_text(value, is_realm), "It must be a domain name.");
        case FieldType::uuid:
            return unless(is_text(value, is_uuid), "It must be a UUID.");
        case FieldType::absolute_path:
            return unless(is_text(value, is_absolute_path), "It must be an absolute path.");
        case FieldType::normal_path:
            return unless(is_text(value, is_normal_path),
                          "It must be an absolute path without dots, double slashes and colons.");
        case FieldType::birth_date:
            return unless(is_text(value, is_date),
                          "It must be a date like 1999-12-31, from 1900 on.");
        default:
            return unless(is_text(value, any_text), "It must be a text.");
    }
}

Misfit list_misfit(FieldType type, const Value& value) {
    switch (type) {
        case FieldType::user_names:
        case FieldType::group_names:
            return unless(is_list(value, is_relaxed_name), "It must be an array of names.");
        case FieldType::environment:
            return unless(is_list(value, is_assignment),
                          "It must be an array of NAME=VALUE texts.");
        case FieldType::text_or_strings:
            return unless(is_text(value, any_text) || is_list(value, any_text),
                          "It must be a text or an array of texts.");
        case FieldType::objects:
            return unless(are_objects(value), "It must be an array of objects.");
        default:
            return unless(is_list(value, any_text), "It must be an array of texts.");
    }
}

}  // namespace

Misfit misfit(const Field& field, const Value& value) {
    if (value.is_null()) return {};
    switch (field.type) {
        case FieldType::flag:
            return unless(value.flag().has_value(), "It must be true or false.");
        case FieldType::number:
            return number_misfit(field, value);
        case FieldType::mode:
            return mode_misfit(field, value);
        case FieldType::integer:
            return integer_misfit(field, value);
        case FieldType::user_id:
            return user_id_misfit(value);
        case FieldType::weight:
            return value.flag().has_value() ? Misfit() : number_misfit(field, value);
        case FieldType::auto_resize:
            return value.flag().has_value()
                       ? Misfit()
                       : choice_misfit(value, {"off", "grow", "shrink-and-grow"});
        case FieldType::disposition:
            return choice_misfit(value, {"intrinsic", "system", "dynamic", "regular", "container",
                                         "foreign", "reserved"});
        case FieldType::resource_limits:
            return unless(are_limits(value),
                          "It must be an object of RLIMIT_* objects with exactly cur and max.");
        case FieldType::manifest:
            return unless(is_manifest(value),
                          "It must be an object of file names and SHA-256 sums.");
        case FieldType::strings:
        case FieldType::text_or_strings:
        case FieldType::user_names:
        case FieldType::group_names:
        case FieldType::environment:
        case FieldType::objects:
            return list_misfit(field.type, value);
        default:
            return text_misfit(field.type, value);
    }
}

}  // namespace hearth::record
