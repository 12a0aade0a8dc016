// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <Poco/JSON/Object.h>

#include <optional>
#include <string>
#include <vector>

#include "core/record/effective.hpp"
#include "core/record/machine.hpp"
#include "core/record/sections.hpp"

// Private to core/record: the machinery behind Effective.

namespace hearth::record {

/// The parts of a record that count on one machine, from the weakest to the strongest.
class LayeredRecord {
  public:
    LayeredRecord(const Poco::JSON::Object& document, const Machine& machine);

    /// The value at a path whose first part names a field (or a section). A null counts as missing.
    [[nodiscard]] std::optional<Poco::Dynamic::Var> find(
        const std::vector<std::string>& path) const;

  private:
    struct Layer {
        Sections section;
        Poco::JSON::Object::Ptr members;
    };
    [[nodiscard]] Poco::Dynamic::Var start(const std::string& name) const;
    [[nodiscard]] Poco::Dynamic::Var resolve(const std::string& name) const;
    [[nodiscard]] Poco::Dynamic::Var own_part(Sections section) const;

    std::vector<Layer> layers_;
};

/// Does this perMachine entry apply here? One without any match rule never does.
bool applies_to(const Poco::JSON::Object& entry, const Machine& machine);

/// What holds on a managed home if the record does not say.
std::optional<Value> managed_default(const Effective& record, const std::string& field);

}  // namespace hearth::record
