// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"

namespace hearth::record {

/// Fields by name; nothing: the field goes.
using MachineFields = std::map<std::string, std::optional<Value>>;

/// Sets fields for one machine alone. They go into the perMachine entry that matches its machine id
/// and nothing else, if no later entry that matches as well could win over it; otherwise into a new
/// entry at the end. Breaks the signature.
void set_for_machine(UserRecord& record, const Machine& machine, const MachineFields& fields);

}  // namespace hearth::record
