// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/record/layers.hpp"

namespace hearth::record {

namespace {

/// Is any text of a match rule accepted? The rule is one text or an array of them; anything else in
/// it is ignored.
template <typename Test>
bool any_text(const Value& rule, Test test) {
    const auto accepted = [&test](const Value& element) {
        const auto* text = element.string();
        return text && test(*text);
    };
    const auto* list = rule.array();
    return list ? std::any_of(list->begin(), list->end(), accepted) : accepted(rule);
}

/// Machine ids may be written like UUIDs.
std::string plain_id(std::string id) {
    std::erase(id, '-');
    for (char& c : id)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    return id;
}

bool names_machine(const Value& rule, const Machine& machine) {
    return any_text(rule, [&](const std::string& id) { return plain_id(id) == machine.id; });
}

bool names_host(const Value& rule, const Machine& machine) {
    return !machine.hostname.empty() &&
           any_text(rule, [&](const std::string& name) { return name == machine.hostname; });
}

}  // namespace

bool applies_to(const Object& entry, const Machine& machine) {
    if (const auto* rule = entry.find("matchMachineId"); rule && names_machine(*rule, machine))
        return true;
    if (const auto* rule = entry.find("matchNotMachineId"); rule && !names_machine(*rule, machine))
        return true;
    if (const auto* rule = entry.find("matchHostname"); rule && names_host(*rule, machine))
        return true;
    const auto* rule = entry.find("matchNotHostname");
    return rule && !names_host(*rule, machine);
}

}  // namespace hearth::record
