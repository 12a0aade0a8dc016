// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/manifest_fields.hpp"

#include <exception>

namespace hearth::plugin {
namespace {

using Poco::Dynamic::Var;

constexpr std::size_t kMaxList = 64;

/// Poco's own conversions are lenient ("1" is a number): here a value is what it was written as, or
/// it is nothing.
template <typename T>
std::optional<T> exactly(const Var& value) {
    try {
        if (value.type() == typeid(T)) return value.extract<T>();
    } catch (const std::exception&) {
    }
    return std::nullopt;
}

std::optional<std::uint64_t> as_number(const Var& value) {
    try {
        if (value.isEmpty() || !value.isInteger() || value.isBoolean()) return std::nullopt;
        return value.convert<std::uint64_t>();  // throws for negative ones
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

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

Var ManifestFields::take(const std::string& key, Need need) {
    known_.insert(key);
    Var value = object_->get(key);
    if (!object_->has(key) && need == Need::required && !failure_)
        failure_ = manifest_error("plugin-manifest-member", path(key), "It is missing.");
    return value;
}

std::string ManifestFields::text(const std::string& key, Need need) {
    const Var value = take(key, need);
    if (!object_->has(key)) return {};
    if (auto found = exactly<std::string>(value)) return std::move(*found);
    wrong_type(key, "a text");
    return {};
}

std::uint32_t ManifestFields::number(const std::string& key, Need need, std::uint32_t highest) {
    const Var value = take(key, need);
    if (!object_->has(key)) return 0;
    const auto found = as_number(value);
    if (!found || *found > highest) {
        wrong_type(key, "a whole number from 0 to " + std::to_string(highest));
        return 0;
    }
    return static_cast<std::uint32_t>(*found);
}

bool ManifestFields::flag(const std::string& key) {
    const Var value = take(key, Need::optional);
    if (!object_->has(key)) return false;
    if (const auto found = exactly<bool>(value)) return *found;
    wrong_type(key, "true or false");
    return false;
}

std::vector<std::string> ManifestFields::texts(const std::string& key) {
    take(key, Need::optional);
    std::vector<std::string> list;
    if (!object_->has(key)) return list;
    const Poco::JSON::Array::Ptr array = object_->getArray(key);
    if (!array || array->size() > kMaxList) {
        wrong_type(key, "a list of texts, 64 at most");
        return list;
    }
    for (const Var& element : *array) {
        auto found = exactly<std::string>(element);
        if (!found) wrong_type(key, "a list of texts, 64 at most");
        list.push_back(found.value_or(""));
    }
    return list;
}

Poco::JSON::Object::Ptr ManifestFields::object(const std::string& key, Need need) {
    take(key, need);
    if (auto found = object_->getObject(key)) return found;
    if (object_->has(key)) wrong_type(key, "an object");
    return new Poco::JSON::Object;
}

std::vector<Poco::JSON::Object::Ptr> ManifestFields::objects(const std::string& key) {
    take(key, Need::optional);
    std::vector<Poco::JSON::Object::Ptr> list;
    if (!object_->has(key)) return list;
    const Poco::JSON::Array::Ptr array = object_->getArray(key);
    if (!array || array->size() > kMaxList) {
        wrong_type(key, "a list of objects, 64 at most");
        return list;
    }
    for (unsigned i = 0; i < array->size(); ++i) {
        auto element = array->getObject(i);
        if (!element) wrong_type(key, "a list of objects, 64 at most");
        if (!element) element = new Poco::JSON::Object;
        list.push_back(element);
    }
    return list;
}

std::size_t ManifestFields::word(const std::string& key, Need need,
                                 std::span<const std::string_view> words) {
    const std::string found = text(key, need);
    if (!object_->has(key)) return 0;
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
    for (const auto& key : object_->getNames())
        if (!known_.contains(key))
            return manifest_error("plugin-manifest-unknown", path(key),
                                  "The manifest of this version of the ABI has no such member.");
    return ok();
}

}  // namespace hearth::plugin
