// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <string>

#include "core/base/result.hpp"
#include "core/record/value.hpp"
#include "hosts/homectl/options/changes.hpp"

namespace hearth::homectl {

/// One entry of a record's perMachine array. Shares the object that it was made from.
class MachineEntry {
  public:
    MachineEntry(std::string match_field, const std::string& machine_id);

    [[nodiscard]] Poco::JSON::Object& json() { return *object_; }
    [[nodiscard]] const Poco::JSON::Object::Ptr& object() const { return object_; }
    /// Does an entry of the record match what this one does, and nothing else?
    [[nodiscard]] bool is_same_match(const Poco::JSON::Object& other) const;
    /// Takes over the fields of such an entry; later ones win.
    void merge(const Poco::JSON::Object& other);
    Result<void> set(const std::string& field, const record::Value& value);
    void remove(const std::string& field);
    /// Nothing but the match is in it.
    [[nodiscard]] bool empty() const { return object_->size() <= 1; }

  private:
    std::string match_field_;
    std::string machine_id_;
    Poco::JSON::Object::Ptr object_;
};

/// The perMachine array of a record, with the entries of this machine and of all others taken out.
class MachineEntries {
  public:
    /// Borrows the record's document until store().
    MachineEntries(Poco::JSON::Object& document, const std::string& machine_id);
    /// `section` is this_machine or other_machines.
    MachineEntry& of(Section section);
    /// Puts the two behind all others, or leaves them out if they are empty.
    void store();

  private:
    Poco::JSON::Object& document_;
    Poco::JSON::Array::Ptr rest_;
    MachineEntry this_machine_;
    MachineEntry other_machines_;
};

}  // namespace hearth::homectl
