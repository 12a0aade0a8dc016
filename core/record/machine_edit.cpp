// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/machine_edit.hpp"

#include <algorithm>

#include "core/record/layers.hpp"

namespace hearth::record {

namespace {

constexpr const char* kSection = "perMachine";
constexpr const char* kMatch = "matchMachineId";

/// The id as a text, or as a list of one: both are in use.
bool is_id(const Value& rule, const std::string& machine_id) {
    if (const auto* list = rule.array())
        return list->size() == 1 && is_id(list->front(), machine_id);
    const auto* text = rule.string();
    return text && *text == machine_id;
}

bool is_of_machine_alone(const Object& entry, const Machine& machine) {
    const auto rules = std::count_if(entry.begin(), entry.end(), [](const auto& member) {
        return member.first.starts_with("match");
    });
    return rules == 1 && is_id(entry.get(kMatch), machine.id);
}

/// The last entry that applies here, if it is this machine's own.
Object* find_own(Array& entries, const Machine& machine) {
    const auto last = std::find_if(entries.rbegin(), entries.rend(), [&](const Value& element) {
        return element.object() && applies_to(*element.object(), machine);
    });
    if (last == entries.rend() || !is_of_machine_alone(*last->object(), machine)) return nullptr;
    return last->object();
}

Object& append_own(Array& entries, const Machine& machine) {
    Object entry;
    entry.set(kMatch, std::vector{machine.id});
    return *entries.emplace_back(std::move(entry)).object();
}

Array& entries_of(Object& document) {
    Value* entries = document.find(kSection);
    if (!entries || !entries->array()) entries = &document.set(kSection, Array());
    return *entries->array();
}

}  // namespace

void set_for_machine(UserRecord& record, const Machine& machine, const MachineFields& fields) {
    Array& entries = entries_of(record.json());
    Object* found = find_own(entries, machine);
    Object& own = found ? *found : append_own(entries, machine);
    for (const auto& [name, value] : fields) {
        if (value)
            own.set(name, *value);
        else
            own.remove(name);
    }
}

}  // namespace hearth::record
