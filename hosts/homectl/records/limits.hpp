// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/record/value.hpp"
#include "hosts/homectl/options/changes.hpp"

namespace hearth::homectl {

/// Takes single limits out of the resourceLimits of a record or of a perMachine entry.
void drop_limits(record::Object& holder, const std::set<std::string>& names);
/// Puts single limits in, beside those that are there.
void set_limits(record::Object& holder, const std::map<std::string, Limit>& limits);

}  // namespace hearth::homectl
