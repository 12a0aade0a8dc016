// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/record/user_record.hpp"
#include "hosts/homectl/options/settings.hpp"

namespace hearth::homectl {

/// The record as JSON with sorted keys and a final newline, with the sections that the format asks
/// for.
[[nodiscard]] std::string record_json(const record::UserRecord& record, JsonMode mode,
                                      ExportFormat format);

/// Prints JSON: as it is into a pipe or file; on a terminal with everything escaped that could
/// steer it.
void print_json(const std::string& json);

/// What print_json() does for a terminal.
[[nodiscard]] std::string escape_for_terminal(const std::string& json);

}  // namespace hearth::homectl
