// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace hearth::system {

/// Is the device below the file system that is mounted at this folder suspended? Then whoever reads
/// or writes a file there waits until it goes on, unkillably. Asking never waits, and never fails:
/// false if it cannot be known. An absolute `name` needs no `dir_fd`.
[[nodiscard]] bool is_suspended(int dir_fd, const std::string& name);

/// Has one of the devices below it been pulled out? The same otherwise.
[[nodiscard]] bool is_pulled_out(int dir_fd, const std::string& name);

}  // namespace hearth::system
