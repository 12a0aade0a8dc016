// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <string>

#include "core/system/capabilities.hpp"
#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

std::string upper(std::string_view word) {
    std::string out(word);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

/// Adds the words to the list, or takes them out of it.
bool combine(std::string_view words, bool inverted, Texts& list) {
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        const std::string name = upper(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
        if (name.empty()) continue;
        if (!system::parse_capability(name)) return false;
        std::erase(list, name);
        if (!inverted) list.push_back(name);
    }
    return true;
}

Result<void> apply(const Option& option, Section section, std::string_view text, Changes& changes) {
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    const bool inverted = text.starts_with('~');
    Texts list = changes.list(section, field);
    if (inverted && changes.find(section, field) == nullptr)
        list.assign(system::capability_names().begin(), system::capability_names().end());
    if (!combine(text.substr(inverted ? 1 : 0), inverted, list)) return bad_value(option, text);
    std::sort(list.begin(), list.end());
    changes.set(section, field, list);
    return ok();
}

}  // namespace

const Kind kCapabilities = {"CAPS",
                            "capabilities separated by spaces, as in \"CAP_NET_RAW CAP_KILL\"; "
                            "with ~ in front, all but these",
                            nullptr, apply};

}  // namespace hearth::homectl
