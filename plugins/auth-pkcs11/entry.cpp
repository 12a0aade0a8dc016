// SPDX-License-Identifier: LGPL-2.1-or-later
#include "entry.hpp"

#include <array>
#include <utility>

#include "ec_point.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::pkcs11 {

namespace {

using shared::from_base64;
using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;
using shared::to_base64;

constexpr std::size_t kMostJson = std::size_t{64} * 1024;
constexpr std::size_t kMostUri = 4096;
constexpr std::size_t kMostData = 2048;  // an RSA key of 16384 bits
constexpr std::array<std::pair<Padding, const char*>, 2> kPaddings{
    {{Padding::oaep_sha1, "oaep-sha1"}, {Padding::oaep_sha256, "oaep-sha256"}}};

sdk::Error damaged(const std::string& why) {
    return {HEARTH_E_CORRUPT, "an entry for a token is damaged: " + why};
}

/// An unknown padding is not the usual one: the token would be asked for nonsense.
sdk::Result<Padding> padding_of(json_object* entry) {
    if (member(entry, "padding") == nullptr) return Padding::pkcs1;  // null means the same
    const auto text = text_member(entry, "padding");
    if (!text) return damaged("its padding is no text");
    for (const auto& [padding, name] : kPaddings)
        if (*text == name) return padding;
    return damaged("its padding is none that this version knows");
}

sdk::Result<std::string> uri_of(json_object* entry) {
    auto text = text_member(entry, "uri");
    if (!text || text->empty()) return damaged("it says no URI");
    if (text->size() > kMostUri) return damaged("its URI is too long");
    if (text->find('\0') != std::string::npos) return damaged("a zero byte is in its URI");
    return *std::move(text);
}

sdk::Result<Bytes> data_of(json_object* entry) {
    const auto text = text_member(entry, "data");
    if (!text) return damaged("it has no encrypted key");
    if (text->size() > kMostData / 3 * 4 + 4) return damaged("its encrypted key is too long");
    auto bytes = from_base64(*text);
    if (!bytes) return damaged("its encrypted key is no base64");
    if (bytes->empty()) return damaged("its encrypted key is empty");
    if (bytes->size() > kMostData) return damaged("its encrypted key is too long");
    return *std::move(bytes);
}

}  // namespace

bool Entry::is_point() const {
    return padding == Padding::pkcs1 && curve_of_point(data) != nullptr;
}

sdk::Result<Entry> parse_entry(std::string_view json) {
    if (json.size() > kMostJson) return damaged("it is too long");
    const Json object = parse_object(json);
    if (!object) return damaged("it is no JSON object");
    HEARTH_SDK_TRY(uri, uri_of(object.get()));
    HEARTH_SDK_TRY(data, data_of(object.get()));
    HEARTH_SDK_TRY(padding, padding_of(object.get()));
    return Entry{std::move(uri), std::move(data), padding};
}

std::string to_json(const Entry& entry) {
    const Json object(json_object_new_object());
    const auto add = [&](const char* name, const std::string& text) {
        json_object_object_add(
            object.get(), name,
            json_object_new_string_len(text.data(), static_cast<int>(text.size())));
    };
    add("uri", entry.uri);
    add("data", to_base64(entry.data));
    for (const auto& [padding, name] : kPaddings)
        if (entry.padding == padding) add("padding", name);
    return json_object_to_json_string_ext(object.get(),
                                          JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

}  // namespace hearth::pkcs11
