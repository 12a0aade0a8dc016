// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/tokens/entries.hpp"

#include <algorithm>

#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/plugins/storages.hpp"
#include "hosts/homectl/tokens/kinds.hpp"

namespace hearth::homectl {

namespace {

constexpr const char* kRecoveryField = "recoveryKey";
constexpr const char* kRecoveryTypes = "recoveryKeyType";
constexpr const char* kRecoveryType = "modhex64";

record::Array entries_of(const record::UserRecord& record, const std::string& field) {
    const auto value = record.privileged(field);
    const auto* list = value ? value->array() : nullptr;
    return list ? *list : record::Array();
}

std::string public_name(const record::Value& entry, const plugin::AuthManifest& kind) {
    const auto* object = entry.object();
    if (!object || kind.public_field.empty()) return "";
    return object->get(kind.public_field).text().value_or("");
}

/// An empty list is none: stock tools make a difference.
void set_entries(record::UserRecord& record, const std::string& field, record::Array entries) {
    if (entries.empty())
        record.remove_privileged(field);
    else
        record.set_privileged(field, std::move(entries));
}

/// The public list follows the entries.
Result<void> set_tokens(record::UserRecord& record, const plugin::AuthManifest& kind,
                        record::Array entries) {
    std::vector<std::string> names;
    for (const auto& entry : entries)
        if (auto name = public_name(entry, kind); !name.empty()) names.push_back(std::move(name));
    set_entries(record, field_of(kind), std::move(entries));
    if (kind.public_array.empty()) return ok();
    const std::string list = kind.public_array.substr(1);
    if (!names.empty()) return record.set(list, names);
    record.remove(list);
    return ok();
}

Error unknown_token(const std::string& name) {
    return Error(Code::invalid_argument, "token-unknown",
                 "The home has no token that is called " + clean(name) + ".")
        .hint("See those that there are with: homectl update --remove-token=list USER");
}

Result<void> remove_token(record::UserRecord& record, const std::string& name) {
    const std::size_t at = name.rfind(':');
    HEARTH_TRY(kind, find_kind(name.substr(0, at)));
    record::Array entries = entries_of(record, field_of(*kind.manifest));
    const auto number = parse_unsigned(name.substr(at + 1)).value_or(0);
    if (number == 0 || number > entries.size()) return unknown_token(name);
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(number - 1));
    return set_tokens(record, *kind.manifest, std::move(entries));
}

Result<void> drop_kind(record::UserRecord& record, const std::string& field) {
    if (auto kind = find_kind(field)) return set_tokens(record, *kind->manifest, {});
    // Without its plugin nobody knows of a public list; the entries are what opens the home.
    record.remove_privileged(field);
    return ok();
}

/// The highest numbers first, so that the others stay what they are.
std::vector<std::string> from_the_last(std::vector<std::string> names) {
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
        const auto number = [](const std::string& name) {
            return parse_unsigned(name.substr(name.rfind(':') + 1)).value_or(0);
        };
        return number(a) > number(b);
    });
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace

std::vector<ListedToken> tokens_of(const record::UserRecord& record) {
    std::vector<ListedToken> out;
    for (const auto& kind : installed_plugins().auths()) {
        std::size_t number = 0;
        for (const auto& entry : entries_of(record, field_of(*kind.manifest)))
            out.push_back({kind.manifest->name + ":" + std::to_string(++number),
                           public_name(entry, *kind.manifest)});
    }
    return out;
}

Result<void> remove_entries(record::UserRecord& record, const TokenChanges& changes) {
    for (const auto& name : from_the_last(changes.remove)) HEARTH_CHECK(remove_token(record, name));
    for (const auto& field : changes.drop) HEARTH_CHECK(drop_kind(record, field));
    if (changes.recovery_key.value_or(true)) return ok();
    record.remove_privileged(kRecoveryField);
    record.remove(kRecoveryTypes);
    return ok();
}

Result<void> add_entry(record::UserRecord& record, const plugin::AuthManifest& kind,
                       const std::string& entry) {
    auto value = record::Value::parse(entry);
    if (!value || !value->object() || value->object()->contains("hashedPassword"))
        return Error(Code::internal, "plugin-contract",
                     "The plugin for tokens of the kind " + kind.name +
                         " made an entry that is none.")
            .hint("This is a mistake in the plugin: report it to its maker.");
    record::Array entries = entries_of(record, field_of(kind));
    entries.push_back(*std::move(value));
    return set_tokens(record, kind, std::move(entries));
}

void add_recovery_entry(record::UserRecord& record) {
    record::Array entries = entries_of(record, kRecoveryField);
    record::Object entry;
    entry.set("type", kRecoveryType);
    entries.emplace_back(std::move(entry));
    record.set_privileged(kRecoveryField, std::move(entries));
    const auto types = record.get(kRecoveryTypes);
    auto list =
        types ? types->strings().value_or(std::vector<std::string>()) : std::vector<std::string>();
    list.emplace_back(kRecoveryType);
    (void)record.set(kRecoveryTypes, list);
}

void sort_as_in_record(std::vector<NewKey>& keys) {
    std::stable_sort(keys.begin(), keys.end(),
                     [](const NewKey& a, const NewKey& b) { return a.field < b.field; });
}

}  // namespace hearth::homectl
