// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/machine_entry.hpp"

#include <algorithm>

namespace hearth::homectl {

namespace {

constexpr const char* kSection = "perMachine";

/// Is it the text, or a list of nothing but the text? Both are in use.
bool says(const record::Value& match, const std::string& machine_id) {
    const auto ids = match.strings();
    return ids && ids->size() == 1 && ids->front() == machine_id;
}

record::Array take_entries(record::Object& document) {
    record::Value* all = document.find(kSection);
    return all && all->array() ? std::move(*all->array()) : record::Array();
}

}  // namespace

MachineEntry::MachineEntry(std::string match_field, const std::string& machine_id)
    : match_field_(std::move(match_field)), machine_id_(machine_id) {
    object_.set(match_field_, machine_id);
}

bool MachineEntry::is_same_match(const record::Object& other) const {
    const auto matches = std::count_if(other.begin(), other.end(), [](const auto& member) {
        return member.first.starts_with("match");
    });
    return matches == 1 && says(other.get(match_field_), machine_id_);
}

void MachineEntry::merge(const record::Object& other) {
    for (const auto& [name, value] : other)
        if (name != match_field_) object_.set(name, value);
}

void MachineEntry::remove(const std::string& field) {
    if (field != match_field_) object_.remove(field);
}

MachineEntries::MachineEntries(record::Object& document, const std::string& machine_id)
    : document_(document),
      this_machine_("matchMachineId", machine_id),
      other_machines_("matchNotMachineId", machine_id) {
    for (record::Value& element : take_entries(document)) {
        const record::Object* entry = element.object();
        if (!entry) continue;
        if (this_machine_.is_same_match(*entry))
            this_machine_.merge(*entry);
        else if (other_machines_.is_same_match(*entry))
            other_machines_.merge(*entry);
        else
            rest_.push_back(std::move(element));
    }
}

MachineEntry& MachineEntries::of(Section section) {
    return section == Section::other_machines ? other_machines_ : this_machine_;
}

void MachineEntries::store() {
    for (MachineEntry* entry : {&other_machines_, &this_machine_})
        if (!entry->empty()) rest_.emplace_back(std::move(entry->json()));
    if (rest_.empty())
        document_.remove(kSection);
    else
        document_.set(kSection, std::move(rest_));
}

}  // namespace hearth::homectl
