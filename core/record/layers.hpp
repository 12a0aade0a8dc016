// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/record/effective.hpp"
#include "core/record/machine.hpp"
#include "core/record/sections.hpp"

// Private to core/record: the machinery behind Effective.

namespace hearth::record {

/// The parts of a record that count on one machine, from the weakest to the strongest. Borrows the
/// document.
class LayeredRecord {
  public:
    LayeredRecord(const Object& document, const Machine& machine);

    /// The value at a path whose first part names a field (or a section). A null counts as missing.
    [[nodiscard]] std::optional<Value> find(const std::vector<std::string>& path) const;

  private:
    struct Layer {
        Sections section;
        const Object* members;
    };
    /// These give a part of the document, or `made` with a value that is put together, or null.
    const Value* start(const std::string& name, Value& made) const;
    const Value* resolve(const std::string& name, Value& made) const;

    const Object& document_;
    const Value* binding_ = nullptr;  ///< of this machine
    const Value* status_ = nullptr;   ///< of this machine
    std::vector<Layer> layers_;
};

/// Does this perMachine entry apply here? One without any match rule never does.
bool applies_to(const Object& entry, const Machine& machine);

/// What holds on a managed home if the record does not say.
std::optional<Value> managed_default(const Effective& record, const std::string& field);

}  // namespace hearth::record
