// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/machine_edit.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>

#include "core/record/layers.hpp"
#include "core/record/poco_value.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

constexpr const char* kSection = "perMachine";
constexpr const char* kMatch = "matchMachineId";

/// The id as a text, or as a list of one: both are in use.
bool is_id(const Var& rule, const std::string& machine_id) {
    if (const auto list = as_array(rule))
        return list->size() == 1 && is_id(list->get(0), machine_id);
    return rule.type() == typeid(std::string) && rule.extract<std::string>() == machine_id;
}

bool is_of_machine_alone(const Object& entry, const Machine& machine) {
    const auto names = entry.getNames();
    const auto rules = std::count_if(names.begin(), names.end(), [](const std::string& name) {
        return name.starts_with("match");
    });
    return rules == 1 && is_id(entry.get(kMatch), machine.id);
}

/// The last entry that applies here, if it is this machine's own.
Object::Ptr find_own(const Array& entries, const Machine& machine) {
    for (std::size_t i = entries.size(); i-- > 0;) {
        const auto entry = as_object(entries.get(static_cast<unsigned>(i)));
        if (!entry || !applies_to(*entry, machine)) continue;
        return is_of_machine_alone(*entry, machine) ? entry : nullptr;
    }
    return nullptr;
}

Object::Ptr append_own(Array& entries, const Machine& machine) {
    Array::Ptr ids = new Array;
    ids->add(machine.id);
    Object::Ptr entry = new Object;
    entry->set(kMatch, ids);
    entries.add(entry);
    return entry;
}

}  // namespace

void set_for_machine(UserRecord& record, const Machine& machine, const MachineFields& fields) {
    Object& document = record.json();
    Array::Ptr entries = document.getArray(kSection);
    if (entries.isNull()) entries = new Array;
    Object::Ptr own = find_own(*entries, machine);
    if (own.isNull()) own = append_own(*entries, machine);
    for (const auto& [name, value] : fields) {
        if (value)
            own->set(name, ValueBridge::to_var(*value));
        else
            own->remove(name);
    }
    document.set(kSection, entries);
}

}  // namespace hearth::record
