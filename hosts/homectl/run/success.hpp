// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"

namespace hearth::homectl {

/// One line on standard output that says what was done.
void say_done(std::string_view sentence);

/// ", UID 60136, storage directory": what was chosen for a new home.
[[nodiscard]] std::string created_details(const record::UserRecord& record,
                                          const record::Machine& machine);

}  // namespace hearth::homectl
