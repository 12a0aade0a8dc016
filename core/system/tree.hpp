// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "core/base/result.hpp"

namespace hearth::system {

/// What the caller of a long walk wants to hear and say. Both may be empty.
struct TreeWatch {
    /// Now and then: how many files have been looked at.
    std::function<void(std::uint64_t done)> progress;
    /// Asked now and then; true ends the walk with the error cancelled.
    std::function<bool()> cancelled;
};

/// Copies what is in the folder `source_fd` into the folder `target_fd` and gives it to uid:gid:
/// files, folders, symbolic links (as links), modes and times, user xattrs. Devices, sockets and
/// pipes are left out; hard links become copies. The target's own owner and mode are not touched.
/// Returns how many were copied. Errors: tree-copy, tree-too-deep, file-no-space, cancelled.
Result<std::uint64_t> copy_tree(int source_fd, int target_fd, uid_t uid, gid_t gid,
                                const TreeWatch& watch = {});

/// Gives everything in the folder `fd`, and at last the folder itself, to uid:gid; removes ACLs and
/// mode bits outside 0777 from what it changes. Does nothing if the folder itself is right already;
/// otherwise touches only what is not right yet, so an interrupted run is simply repeated. Follows
/// no symbolic link and enters no other mount. Returns how many were changed. Errors: tree-owner,
/// tree-changed (somebody moves folders meanwhile), file-no-space, cancelled.
Result<std::uint64_t> change_owner_tree(int fd, uid_t uid, gid_t gid, const TreeWatch& watch = {});

}  // namespace hearth::system
