// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/manifest.hpp"

#include <hearth/plugin.h>

#include <algorithm>
#include <array>

#include "core/plugin/manifest_fields.hpp"
#include "core/record/json.hpp"

namespace hearth::plugin {
namespace {

using Need = ManifestFields::Need;

constexpr std::array<std::string_view, 4> kMedia{"file", "device", "directory", "network"};
constexpr std::array<std::string_view, 3> kCredentials{"slots", "none", "external"};
constexpr std::array<std::string_view, 3> kAutoResize{"off", "grow", "shrink-and-grow"};
constexpr std::array<std::string_view, 6> kOptionTypes{"string",  "number", "size",
                                                       "boolean", "path",   "list"};
constexpr std::array<std::string_view, 3> kCredentialKinds{"password", "recovery", "token"};
constexpr record::JsonLimits kLimits{.bytes = HEARTH_NOTE_MAX, .depth = 8, .elements = 2048};

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
    return is_lower(c) || is_upper(c) || is_digit(c);
}

/// 1 to `longest` characters, a lower-case letter first, then letters of the kind that `allowed`
/// names.
template <typename Allowed>
bool is_name(std::string_view text, std::size_t longest, Allowed allowed) {
    return !text.empty() && text.size() <= longest && is_lower(text.front()) &&
           std::all_of(text.begin(), text.end(), allowed);
}
bool is_kebab(std::string_view text) {
    return is_name(text, 32, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}
bool is_camel(std::string_view text) {
    return is_name(text, 64, is_alnum);
}
/// A reverse domain name: "org.acme.vault". Also a file name that is safe to use.
bool is_id(std::string_view text) {
    return is_name(text, 128, [](char c) { return is_alnum(c) || c == '-' || c == '.'; }) &&
           text.find('.') != std::string_view::npos && text.find("..") == std::string_view::npos &&
           text.back() != '.';
}
bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || c == '.' || c == '-' || c == '+' || c == '~' || c == ':';
    });
}
bool is_suffix(std::string_view text) {
    return text.empty() || (text.size() > 1 && text.size() <= 32 && text.front() == '.' &&
                            std::all_of(text.begin() + 1, text.end(),
                                        [](char c) { return is_alnum(c) || c == '-'; }));
}
bool is_pointer(std::string_view text) {
    return text.size() > 1 && text.size() <= 128 && text.front() == '/' && text.back() != '/' &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '/'; });
}
/// Entries hold hashes, which only root and the owner may see.
bool is_privileged_list(std::string_view text) {
    constexpr std::string_view kSection = "/privileged/";
    return is_pointer(text) && text.starts_with(kSection) &&
           text.find('/', kSection.size()) == std::string_view::npos;
}
bool is_gpt_type(std::string_view text) {
    if (text.empty()) return true;
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool digit = is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !digit) return false;
    }
    return true;
}
bool is_capability(std::string_view text) {
    return text.size() > 4 && text.size() <= 32 && text.starts_with("CAP_") &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_upper(c) || c == '_'; });
}
bool is_device(std::string_view text) {
    return text.size() > 5 && text.size() <= 64 && text.starts_with("/dev/") &&
           text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_alnum(c) || c == '/' || c == '-' || c == '_' || c == '*';
           });
}

std::string checked_text(ManifestFields& fields, const std::string& key, Need need,
                         bool (*fits)(std::string_view), std::string_view rule) {
    std::string text = fields.text(key, need);
    if (text.empty() && need == Need::optional) return text;
    if (!fits(text)) fields.refuse(key, "\"" + text + "\" is not " + std::string(rule) + ".");
    return text;
}

std::vector<std::string> checked_texts(ManifestFields& fields, const std::string& key,
                                       bool (*fits)(std::string_view), std::string_view rule) {
    auto list = fields.texts(key);
    for (const auto& text : list)
        if (!fits(text)) fields.refuse(key, "\"" + text + "\" is not " + std::string(rule) + ".");
    return list;
}

template <typename Words>
bool is_one_of(std::string_view text, const Words& words) {
    return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

constexpr std::string_view kKebabRule = "a name of lower-case letters, digits and dashes";

Option parse_option(ManifestFields& fields) {
    Option option;
    option.name = checked_text(fields, "name", Need::required, is_kebab, kKebabRule);
    option.field = checked_text(fields, "field", Need::required, is_camel, "a name of a field");
    option.type = static_cast<OptionType>(fields.word("type", Need::required, kOptionTypes));
    option.help = fields.text("help", Need::required);
    if (option.help.size() > 200) fields.refuse("help", "It is longer than 200 bytes.");
    return option;
}

std::vector<Option> parse_options(ManifestFields& parent) {
    std::vector<Option> options;
    for (const auto* object : parent.objects("options")) {
        ManifestFields fields(*object,
                              parent.where() + ".options[" + std::to_string(options.size()) + "]");
        options.push_back(parse_option(fields));
        parent.absorb(fields.done());
    }
    return options;
}

StorageManifest parse_storage(ManifestFields& fields) {
    StorageManifest storage;
    storage.name = checked_text(fields, "name", Need::required, is_kebab, kKebabRule);
    storage.medium = static_cast<Medium>(fields.word("medium", Need::required, kMedia));
    storage.suffix =
        checked_text(fields, "suffix", Need::optional, is_suffix, "a file name's ending");
    storage.gpt_type = checked_text(fields, "gptType", Need::optional, is_gpt_type,
                                    "a partition type in lower-case letters");
    storage.priority = fields.number("priority", Need::optional, 100);
    storage.credentials =
        static_cast<Credentials>(fields.word("credentials", Need::required, kCredentials));
    storage.accepts = checked_texts(
        fields, "accepts", [](std::string_view text) { return is_one_of(text, kCredentialKinds); },
        "a kind of credential");
    storage.can = checked_texts(
        fields, "can", [](std::string_view text) { return is_one_of(text, kAbilities); },
        "an ability");
    storage.dirty_xattr = fields.flag("dirtyXattr");
    storage.drop_caches = fields.flag("dropCaches");
    storage.auto_resize =
        static_cast<AutoResize>(fields.word("autoResize", Need::optional, kAutoResize));
    storage.options = parse_options(fields);
    return storage;
}

AuthManifest parse_auth(ManifestFields& fields) {
    AuthManifest auth;
    auth.name = checked_text(fields, "name", Need::required, is_kebab, kKebabRule);
    auth.record_array = checked_text(fields, "recordArray", Need::required, is_privileged_list,
                                     "a JSON pointer to a list in /privileged");
    auth.public_array =
        checked_text(fields, "publicArray", Need::optional, is_pointer, "a JSON pointer");
    auth.public_field =
        checked_text(fields, "publicField", Need::optional, is_camel, "a name of a field");
    if (auth.public_array.empty() != auth.public_field.empty())
        fields.refuse("publicField", "publicArray and publicField go together.");
    auth.options = parse_options(fields);
    return auth;
}

Needs parse_needs(ManifestFields& parent) {
    ManifestFields fields(parent.object("needs", Need::required), "needs");
    Needs needs;
    needs.capabilities =
        checked_texts(fields, "capabilities", is_capability, "a name of a capability");
    needs.devices = checked_texts(fields, "devices", is_device, "a path below /dev");
    needs.network = fields.flag("network");
    parent.absorb(fields.done());
    return needs;
}

template <typename Item>
std::vector<Item> parse_list(ManifestFields& parent, const std::string& key,
                             Item (*parse)(ManifestFields&)) {
    std::vector<Item> items;
    for (const auto* object : parent.objects(key)) {
        ManifestFields fields(*object, key + "[" + std::to_string(items.size()) + "]");
        items.push_back(parse(fields));
        parent.absorb(fields.done());
        const auto same = [&](const Item& other) { return other.name == items.back().name; };
        if (std::count_if(items.begin(), items.end(), same) > 1)
            parent.refuse(key, "\"" + items.back().name + "\" is in it twice.");
    }
    return items;
}

void parse_abi(ManifestFields& parent, Manifest& manifest) {
    ManifestFields fields(parent.object("abi", Need::required), "abi");
    manifest.abi_major = fields.number("major", Need::required, 65535);
    manifest.abi_minor = fields.number("minor", Need::required, 65535);
    parent.absorb(fields.done());
}

Result<Manifest> parse(const record::Object& object) {
    ManifestFields fields(object, "");
    Manifest manifest;
    parse_abi(fields, manifest);
    manifest.id = checked_text(fields, "id", Need::required, is_id, "a reverse domain name");
    manifest.version = checked_text(fields, "version", Need::required, is_version, "a version");
    manifest.license = fields.text("license", Need::required);
    if (manifest.license.empty() || manifest.license.size() > 128)
        fields.refuse("license", "It should be an SPDX expression of 1 to 128 bytes.");
    manifest.field_prefix =
        checked_text(fields, "fieldPrefix", Need::optional, is_camel, "a name of a field");
    manifest.storage = parse_list(fields, "storage", parse_storage);
    manifest.auth = parse_list(fields, "auth", parse_auth);
    manifest.needs = parse_needs(fields);
    HEARTH_CHECK(fields.done());
    if (manifest.storage.empty() && manifest.auth.empty())
        return manifest_error("plugin-manifest-empty", "storage",
                              "The plugin offers neither storage nor authentication.");
    return manifest;
}

template <typename Item>
const Item* find_by_name(const std::vector<Item>& items, std::string_view name) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.name == name; });
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

void Needs::add(const Needs& other) {
    capabilities.insert(capabilities.end(), other.capabilities.begin(), other.capabilities.end());
    devices.insert(devices.end(), other.devices.begin(), other.devices.end());
    network = network || other.network;
}

bool StorageManifest::has(std::string_view ability) const {
    return is_one_of(ability, can);
}
bool StorageManifest::accepts_kind(std::string_view kind) const {
    return is_one_of(kind, accepts);
}

const StorageManifest* Manifest::find_storage(std::string_view name) const {
    return find_by_name(storage, name);
}
const AuthManifest* Manifest::find_auth(std::string_view name) const {
    return find_by_name(auth, name);
}

Result<Manifest> parse_manifest(std::string_view json) {
    auto object = record::parse_json_object(json, kLimits);
    if (!object)
        return Error(Code::corrupt, "plugin-manifest-json",
                     "The manifest of the plugin is not valid JSON.")
            .why(object.error().one_line());
    return parse(*object);
}

}  // namespace hearth::plugin
