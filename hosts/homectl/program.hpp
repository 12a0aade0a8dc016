// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

namespace hearth::homectl {

/// homectl from its command line to its exit status: nothing that goes wrong leaves it in another
/// way.
int run_program(const std::vector<char*>& argv) noexcept;

}  // namespace hearth::homectl
