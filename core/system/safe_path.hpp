// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// An open folder (O_PATH) that only its owner can change, and a name in it that need not exist.
struct SafePlace {
    UniqueFd dir;
    std::string name;
};

/// Opens the folder that `path` (absolute) lies in, below `root` ("" or the folder given with
/// --root), one component at a time. Every folder on the way must belong to root or to the caller,
/// and nobody else may write to it: otherwise somebody could swap it between this check and its
/// use. Errors: image-path-invalid (not absolute, "..", no name), image-path-absent (code
/// home_absent), image-path-symlink, image-path-unsafe (both code permission), image-path-open.
Result<SafePlace> open_parent(const std::string& root, const std::string& path);

/// The same for a path that is itself a folder. For "/" it is `root`.
Result<UniqueFd> open_safe_dir(const std::string& root, const std::string& path);

}  // namespace hearth::system
