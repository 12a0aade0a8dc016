// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/machine_entry.hpp"

#include <algorithm>

#include "core/record/json.hpp"

namespace hearth::homectl {

namespace {

constexpr const char* kSection = "perMachine";

/// Is it the text, or a list of nothing but the text? Both are in use.
bool says(const Poco::Dynamic::Var& match, const std::string& machine_id) {
    if (match.isString()) return match.convert<std::string>() == machine_id;
    if (match.type() != typeid(Poco::JSON::Array::Ptr)) return false;
    const auto list = match.extract<Poco::JSON::Array::Ptr>();
    return list->size() == 1 && list->get(0).isString() &&
           list->getElement<std::string>(0) == machine_id;
}

}  // namespace

MachineEntry::MachineEntry(std::string match_field, const std::string& machine_id)
    : match_field_(std::move(match_field)),
      machine_id_(machine_id),
      object_(new Poco::JSON::Object) {
    object_->set(match_field_, machine_id);
}

bool MachineEntry::is_same_match(const Poco::JSON::Object& other) const {
    const auto names = other.getNames();
    const auto matches = std::count_if(names.begin(), names.end(), [](const std::string& name) {
        return name.starts_with("match");
    });
    return matches == 1 && other.has(match_field_) && says(other.get(match_field_), machine_id_);
}

void MachineEntry::merge(const Poco::JSON::Object& other) {
    for (const auto& [name, value] : other)
        if (name != match_field_) object_->set(name, value);
}

Result<void> MachineEntry::set(const std::string& field, const record::Value& value) {
    HEARTH_TRY(wrapped, record::parse_json_object("{\"value\":" + value.json() + "}"));
    object_->set(field, wrapped->get("value"));
    return ok();
}

void MachineEntry::remove(const std::string& field) {
    if (field != match_field_) object_->remove(field);
}

MachineEntries::MachineEntries(Poco::JSON::Object& document, const std::string& machine_id)
    : document_(document),
      rest_(new Poco::JSON::Array),
      this_machine_("matchMachineId", machine_id),
      other_machines_("matchNotMachineId", machine_id) {
    const Poco::JSON::Array::Ptr all = document.getArray(kSection);
    for (std::size_t i = 0; !all.isNull() && i < all->size(); ++i) {
        const auto entry = all->getObject(static_cast<unsigned>(i));
        if (entry.isNull()) continue;
        if (this_machine_.is_same_match(*entry))
            this_machine_.merge(*entry);
        else if (other_machines_.is_same_match(*entry))
            other_machines_.merge(*entry);
        else
            rest_->add(entry);
    }
}

MachineEntry& MachineEntries::of(Section section) {
    return section == Section::other_machines ? other_machines_ : this_machine_;
}

void MachineEntries::store() {
    for (const MachineEntry* entry : {&other_machines_, &this_machine_})
        if (!entry->empty()) rest_->add(entry->object());
    if (rest_->size() == 0)
        document_.remove(kSection);
    else
        document_.set(kSection, rest_);
}

}  // namespace hearth::homectl
