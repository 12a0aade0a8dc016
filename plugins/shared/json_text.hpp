// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <json-c/json.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

// JSON that a plugin reads: a header, an entry of a record. Somebody else has parsed it before.

namespace hearth::shared {

struct FreeJson {
    void operator()(json_object* object) const { json_object_put(object); }
};
using Json = std::unique_ptr<json_object, FreeJson>;

/// Nothing: it is no JSON object, or something follows it.
inline Json parse_object(std::string_view text) {
    const std::unique_ptr<json_tokener, void (*)(json_tokener*)> parser(json_tokener_new(),
                                                                        &json_tokener_free);
    if (!parser || text.size() > (std::size_t{16} << 20U)) return nullptr;
    json_tokener_set_flags(parser.get(), JSON_TOKENER_STRICT);
    Json out(json_tokener_parse_ex(parser.get(), text.data(), static_cast<int>(text.size())));
    const bool whole = json_tokener_get_error(parser.get()) == json_tokener_success &&
                       json_tokener_get_parse_end(parser.get()) == text.size();
    if (!whole || !json_object_is_type(out.get(), json_type_object)) return nullptr;
    return out;
}

inline json_object* member(json_object* object, const char* name) {
    json_object* out = nullptr;
    if (!json_object_is_type(object, json_type_object)) return nullptr;
    return json_object_object_get_ex(object, name, &out) != 0 ? out : nullptr;
}

inline std::optional<std::string> text_member(json_object* object, const char* name) {
    json_object* found = member(object, name);
    if (!json_object_is_type(found, json_type_string)) return std::nullopt;
    return std::string(json_object_get_string(found),
                       static_cast<std::size_t>(json_object_get_string_len(found)));
}

}  // namespace hearth::shared
