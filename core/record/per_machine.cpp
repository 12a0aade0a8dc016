// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/record/layers.hpp"
#include "core/record/poco_value.hpp"

namespace hearth::record {

namespace {

/// The texts of a match rule: one or an array of them. Anything else in it is ignored.
std::vector<std::string> rule_texts(const Poco::JSON::Object& entry, const char* rule) {
    std::vector<std::string> texts;
    const auto value = entry.get(rule);
    const auto add = [&texts](const Poco::Dynamic::Var& element) {
        if (element.type() == typeid(std::string)) texts.push_back(element.extract<std::string>());
    };
    if (const auto list = as_array(value))
        std::for_each(list->begin(), list->end(), add);
    else
        add(value);
    return texts;
}

/// Machine ids may be written like UUIDs.
std::string plain_id(std::string id) {
    std::erase(id, '-');
    for (char& c : id)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    return id;
}

bool names_machine(const Poco::JSON::Object& entry, const char* rule, const Machine& machine) {
    const auto ids = rule_texts(entry, rule);
    return std::any_of(ids.begin(), ids.end(),
                       [&](const auto& id) { return plain_id(id) == machine.id; });
}

bool names_host(const Poco::JSON::Object& entry, const char* rule, const Machine& machine) {
    if (machine.hostname.empty()) return false;
    const auto names = rule_texts(entry, rule);
    return std::find(names.begin(), names.end(), machine.hostname) != names.end();
}

}  // namespace

bool applies_to(const Poco::JSON::Object& entry, const Machine& machine) {
    return (entry.has("matchMachineId") && names_machine(entry, "matchMachineId", machine)) ||
           (entry.has("matchNotMachineId") &&
            !names_machine(entry, "matchNotMachineId", machine)) ||
           (entry.has("matchHostname") && names_host(entry, "matchHostname", machine)) ||
           (entry.has("matchNotHostname") && !names_host(entry, "matchNotHostname", machine));
}

}  // namespace hearth::record
