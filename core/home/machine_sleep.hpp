// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/home/root.hpp"

namespace hearth::home {

/// Before the machine sleeps the kernel writes what is cached of all file systems, and waits
/// without end for one that is locked: the machine would neither sleep nor go on. As long as homes
/// are locked it is told to leave that out (/sys/power/sync_on_suspend). A file for each of them,
/// in `locked` below Root::run_dir(), remembers that it was told; an administrator who has told it
/// the same is left alone. Root alone; killed between any two calls, restore_sleep() puts it right.

/// Before a home is locked. `home_directory` is a path of this machine. What is cached of disks
/// goes there first, because the kernel will not do it later. What is returned is kept until the
/// home is locked, and no longer: whoever writes caches must not meet one that is being suspended.
/// Errors: sleep-sync, file-*.
Result<UniqueFd> prepare_sleep_with(const Root& root, const std::string& user,
                                    const std::string& home_directory);

/// After anything that may have ended a lock, or not begun it: when no home is locked any more, all
/// is as it was. Errors: sleep-sync.
Result<void> restore_sleep(const Root& root);

}  // namespace hearth::home
