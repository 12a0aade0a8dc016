// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::homectl {

/// Runs a command of the person's in the foreground, in `folder`, and waits for its end. While it
/// runs, Ctrl-C is for it alone. Yields its exit status, 128 plus the number of the signal that
/// ended it, or 255 if it could not be started (which is reported). Errors: command-start.
Result<int> run_command(const std::vector<std::string>& command, const std::string& folder);

}  // namespace hearth::homectl
