// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// A detached mount of the folder `subdir` (relative, no "..", no symbolic links) inside a detached
/// mount. Kernels before 6.15 clone only what is attached in the caller's namespace: there, a
/// short-lived child attaches `mount_fd` in a mount namespace of its own. Files can be reached
/// through `mount_fd` afterwards, but it can no longer be attached. Errors: mount-scratch,
/// mount-clone.
Result<UniqueFd> clone_subfolder(int mount_fd, const std::string& subdir);

/// The way that works on old kernels, for clone_subfolder() and its tests.
Result<UniqueFd> clone_subfolder_in_scratch(int mount_fd, const std::string& subdir);

}  // namespace hearth::system
