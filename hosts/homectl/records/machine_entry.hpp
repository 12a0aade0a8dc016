// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/record/value.hpp"
#include "hosts/homectl/options/changes.hpp"

namespace hearth::homectl {

/// One entry of a record's perMachine array.
class MachineEntry {
  public:
    MachineEntry(std::string match_field, const std::string& machine_id);

    [[nodiscard]] record::Object& json() { return object_; }
    /// Does an entry of the record match what this one does, and nothing else?
    [[nodiscard]] bool is_same_match(const record::Object& other) const;
    /// Takes over the fields of such an entry; later ones win.
    void merge(const record::Object& other);
    void remove(const std::string& field);
    /// Nothing but the match is in it.
    [[nodiscard]] bool empty() const { return object_.size() <= 1; }

  private:
    std::string match_field_;
    std::string machine_id_;
    record::Object object_;
};

/// The perMachine array of a record, with the entries of this machine and of all others taken out.
class MachineEntries {
  public:
    /// Borrows the record's document until store(), and keeps its perMachine array until then.
    MachineEntries(record::Object& document, const std::string& machine_id);
    /// `section` is this_machine or other_machines.
    MachineEntry& of(Section section);
    /// Puts the two behind all others, or leaves them out if they are empty.
    void store();

  private:
    record::Object& document_;
    record::Array rest_;
    MachineEntry this_machine_;
    MachineEntry other_machines_;
};

}  // namespace hearth::homectl
