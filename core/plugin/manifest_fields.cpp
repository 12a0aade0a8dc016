// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/manifest_fields.hpp"

namespace hearth::plugin {
namespace {

constexpr std::size_t kMaxList = 64;

/// What an object reads as that is not there.
const record::Object kNothing;

}  // namespace

Error manifest_error(std::string_view id, const std::string& where, std::string why) {
    return Error(Code::corrupt, id,
                 "The manifest of the plugin has a mistake at \"" + where + "\".")
        .why(std::move(why));
}

std::string ManifestFields::path(const std::string& key) const {
    return where_.empty() ? key : where_ + "." + key;
}

void ManifestFields::refuse(const std::string& key, std::string why) {
    if (!failure_) failure_ = manifest_error("plugin-manifest-value", path(key), std::move(why));
}

void ManifestFields::wrong_type(const std::string& key, std::string_view expected) {
    if (!failure_)
        failure_ = manifest_error("plugin-manifest-member", path(key),
                                  "It should be " + std::string(expected) + ".");
}

void ManifestFields::absorb(Result<void> part) {
    if (!part && !failure_) failure_ = std::move(part).error();
}

/// Null if it is missing.
const record::Value* ManifestFields::take(const std::string& key, Need need) {
    known_.insert(key);
    const record::Value* value = object_.find(key);
    if (!value && need == Need::required && !failure_)
        failure_ = manifest_error("plugin-manifest-member", path(key), "It is missing.");
    return value;
}

std::string ManifestFields::text(const std::string& key, Need need) {
    const record::Value* value = take(key, need);
    if (!value) return {};
    if (auto found = value->text()) return *std::move(found);
    wrong_type(key, "a text");
    return {};
}

std::uint32_t ManifestFields::number(const std::string& key, Need need, std::uint32_t highest) {
    const record::Value* value = take(key, need);
    if (!value) return 0;
    const auto found = value->natural();
    if (!found || *found > highest) {
        wrong_type(key, "a whole number from 0 to " + std::to_string(highest));
        return 0;
    }
    return static_cast<std::uint32_t>(*found);
}

bool ManifestFields::flag(const std::string& key) {
    const record::Value* value = take(key, Need::optional);
    if (!value) return false;
    if (const auto found = value->flag()) return *found;
    wrong_type(key, "true or false");
    return false;
}

/// Null if it is missing, no list, or too long.
const record::Array* ManifestFields::list(const std::string& key, std::string_view expected) {
    const record::Value* value = take(key, Need::optional);
    if (!value) return nullptr;
    const record::Array* array = value->array();
    if (array && array->size() <= kMaxList) return array;
    wrong_type(key, expected);
    return nullptr;
}

std::vector<std::string> ManifestFields::texts(const std::string& key) {
    constexpr std::string_view kExpected = "a list of texts, 64 at most";
    std::vector<std::string> out;
    const record::Array* array = list(key, kExpected);
    if (!array) return out;
    for (const record::Value& element : *array) {
        auto found = element.text();
        if (!found) wrong_type(key, kExpected);
        out.push_back(std::move(found).value_or(""));
    }
    return out;
}

const record::Object& ManifestFields::object(const std::string& key, Need need) {
    const record::Value* value = take(key, need);
    if (!value) return kNothing;
    if (const record::Object* found = value->object()) return *found;
    wrong_type(key, "an object");
    return kNothing;
}

std::vector<const record::Object*> ManifestFields::objects(const std::string& key) {
    constexpr std::string_view kExpected = "a list of objects, 64 at most";
    std::vector<const record::Object*> out;
    const record::Array* array = list(key, kExpected);
    if (!array) return out;
    for (const record::Value& element : *array) {
        const record::Object* found = element.object();
        if (!found) wrong_type(key, kExpected);
        out.push_back(found ? found : &kNothing);
    }
    return out;
}

std::size_t ManifestFields::word(const std::string& key, Need need,
                                 std::span<const std::string_view> words) {
    const std::string found = text(key, need);
    if (!object_.contains(key)) return 0;
    std::string all;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == found) return i;
        all += (i == 0 ? "" : ", ") + std::string(words[i]);
    }
    refuse(key, "\"" + found + "\" is none of: " + all + ".");
    return 0;
}

Result<void> ManifestFields::done() {
    if (failure_) return std::move(*failure_);
    for (const auto& member : object_)
        if (!known_.contains(member.first))
            return manifest_error("plugin-manifest-unknown", path(member.first),
                                  "The manifest of this version of the ABI has no such member.");
    return ok();
}

}  // namespace hearth::plugin
