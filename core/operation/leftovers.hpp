// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/home/root.hpp"

namespace hearth::operation {

/// Removes the temporary files (`.#<name><16 hex digits>`) that an interrupted replacement of
/// `name` left in a folder.
void sweep_temporaries(int dir_fd, const std::string& name);

/// The same for all files that Hearth keeps about a user in the state folder.
void sweep_state(const home::Root& root, const std::string& user);

}  // namespace hearth::operation
