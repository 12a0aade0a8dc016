// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdlib>
#include <string>

#include "hosts/homectl/options/file_text.hpp"
#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

/// The parts of a list; empty ones are skipped.
Texts split(std::string_view text, std::string_view separators) {
    Texts parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

void sort_unique(Texts& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

Result<void> apply_names(const Option& option, Section section, std::string_view text,
                         Changes& changes) {
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    Texts list = changes.list(section, field);
    for (std::string& name : split(text, ",")) {
        if (!is_strict_name(name)) return bad_value(option, name);
        list.push_back(std::move(name));
    }
    sort_unique(list);
    changes.set(section, field, list);
    return ok();
}

Result<void> apply_texts(const Option& option, Section section, std::string_view text,
                         Changes& changes) {
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    if (!is_plain_text(text)) return bad_value(option, text);
    Texts list = changes.list(section, field);
    for (std::string& part : split(text, ",")) list.push_back(std::move(part));
    changes.set(section, field, list);
    return ok();
}

/// "NAME=VALUE", or "NAME" for the value it has here.
std::optional<std::string> assignment(std::string_view text) {
    const std::string name(text.substr(0, text.find('=')));
    const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z');
    });
    if (name.empty() || !plain || (name[0] >= '0' && name[0] <= '9') || !is_plain_text(text))
        return std::nullopt;
    if (name.size() < text.size()) return std::string(text);
    const char* const value = secure_getenv(name.c_str());
    if (value == nullptr || !is_plain_text(value)) return std::nullopt;
    return name + "=" + value;
}

Result<void> apply_environment(const Option& option, Section section, std::string_view text,
                               Changes& changes) {
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    const std::optional<std::string> entry = assignment(text);
    if (!entry) return bad_value(option, text);
    Texts list = changes.list(section, field);
    const std::string prefix = entry->substr(0, entry->find('=') + 1);
    std::erase_if(list, [&](const std::string& other) { return other.starts_with(prefix); });
    list.push_back(*entry);
    std::sort(list.begin(), list.end());
    changes.set(section, field, list);
    return ok();
}

/// Language, perhaps a region, a character set and a variant: "de_DE.UTF-8@euro".
bool is_locale(std::string_view name) {
    return !name.empty() && name.size() < 128 && name.front() != '.' &&
           name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("_.@-").find(c) != std::string_view::npos;
           });
}

Result<void> apply_languages(const Option& option, Section section, std::string_view text,
                             Changes& changes) {
    const std::string first = "preferredLanguage";
    const std::string rest = "additionalLanguages";
    if (text.empty()) {
        changes.drop(first);
        changes.drop(rest);
        return ok();
    }
    Texts list = changes.list(section, first);
    const Texts more = changes.list(section, rest);
    list.insert(list.end(), more.begin(), more.end());
    for (const std::string& name : split(text, ",:")) {
        if (!is_locale(name)) return bad_value(option, name);
        if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
    }
    if (list.empty()) return bad_value(option, text);
    changes.set(section, first, list.front());
    list.erase(list.begin());
    if (list.empty())
        changes.drop(rest);
    else
        changes.set(section, rest, list);
    return ok();
}

Result<Texts> read_keys(const Option& option, std::string_view text) {
    if (!text.starts_with('@')) return Texts{std::string(text)};
    HEARTH_TRY(content, read_text_file(std::string(text.substr(1)), option.name));
    Texts keys;
    for (std::string& line : split(content, "\n\r"))
        if (line.front() != '#' && line.find_first_not_of(" \t") != std::string::npos)
            keys.push_back(std::move(line));
    return keys;
}

Result<void> apply_ssh_keys(const Option& option, Section, std::string_view text,
                            Changes& changes) {
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    HEARTH_TRY(keys, read_keys(option, text));
    Texts list = changes.list(Section::privileged, field);
    for (const std::string& key : keys) {
        if (!is_plain_text(key)) return bad_value(option, key);
        if (std::find(list.begin(), list.end(), key) == list.end()) list.push_back(key);
    }
    changes.set(Section::privileged, field, list);
    return ok();
}

}  // namespace

const Kind kNameList = {
    "NAME,...",
    "names separated by commas: letters, digits, \"_\" and \"-\", at most 31 each, "
    "not beginning with a digit",
    nullptr, apply_names};
const Kind kTextList = {"TEXT,...", "texts separated by commas", nullptr, apply_texts};
const Kind kEnvironment = {"NAME=VALUE", "NAME=VALUE, or the NAME of a variable that is set here",
                           nullptr, apply_environment};
const Kind kLanguages = {"LANG,...", "locales separated by commas, as in de_DE.UTF-8,en_US.UTF-8",
                         nullptr, apply_languages};
const Kind kSshKeys = {"KEY|@FILE", "a public key on one line, or @FILE with one key a line",
                       nullptr, apply_ssh_keys};

}  // namespace hearth::homectl
