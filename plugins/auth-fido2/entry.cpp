// SPDX-License-Identifier: LGPL-2.1-or-later
#include "entry.hpp"

#include "plugins/shared/json_text.hpp"

namespace hearth::fido2 {

namespace {

using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;

constexpr std::size_t kMostJson = std::size_t{64} * 1024;
constexpr std::size_t kMostCredential = 4096;

sdk::Error damaged(const std::string& why) {
    return {HEARTH_E_CORRUPT, "an entry for a security key is damaged: " + why};
}

sdk::Result<Bytes> bytes_of(json_object* entry, const char* name, std::size_t most) {
    const std::string what = std::string("its ") + name;
    const auto text = text_member(entry, name);
    if (!text) return damaged(what + " is missing");
    if (text->size() > (most + 2) / 3 * 4) return damaged(what + " is too long");
    auto bytes = shared::from_base64(*text);
    if (!bytes) return damaged(what + " is no base64");
    if (bytes->empty()) return damaged(what + " is empty");
    return *std::move(bytes);
}

/// null means the same as nothing; whatever else is no boolean could mean anything.
sdk::Result<std::optional<bool>> flag_of(json_object* entry, const char* name) {
    json_object* found = member(entry, name);
    if (found == nullptr) return std::optional<bool>();
    if (!json_object_is_type(found, json_type_boolean))
        return damaged(std::string("its ") + name + " is no boolean");
    return std::optional<bool>(json_object_get_boolean(found) != 0);
}

void add_bytes(json_object* object, const char* name, const Bytes& bytes) {
    json_object_object_add(object, name, json_object_new_string(shared::to_base64(bytes).c_str()));
}

void add_flag(json_object* object, const char* name, std::optional<bool> flag) {
    if (flag)
        json_object_object_add(object, name, json_object_new_boolean(static_cast<int>(*flag)));
}

}  // namespace

sdk::Result<Entry> parse_entry(std::string_view json) {
    if (json.size() > kMostJson) return damaged("it is too long");
    const Json object = parse_object(json);
    if (!object) return damaged("it is no JSON object");
    HEARTH_SDK_TRY(credential, bytes_of(object.get(), "credential", kMostCredential));
    HEARTH_SDK_TRY(salt, bytes_of(object.get(), "salt", kSaltSize));
    if (salt.size() != kSaltSize) return damaged("its salt has not 32 bytes");
    HEARTH_SDK_TRY(presence, flag_of(object.get(), "up"));
    HEARTH_SDK_TRY(verification, flag_of(object.get(), "uv"));
    HEARTH_SDK_TRY(pin, flag_of(object.get(), "clientPin"));
    return Entry{std::move(credential), std::move(salt), presence, verification, pin};
}

std::string to_json(const Entry& entry) {
    const Json object(json_object_new_object());
    add_bytes(object.get(), "credential", entry.credential);
    add_bytes(object.get(), "salt", entry.salt);
    add_flag(object.get(), "up", entry.presence);
    add_flag(object.get(), "uv", entry.verification);
    add_flag(object.get(), "clientPin", entry.pin);
    return json_object_to_json_string_ext(object.get(),
                                          JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

}  // namespace hearth::fido2
