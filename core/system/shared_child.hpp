// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

namespace hearth::system {

/// Runs `body` in a child that shares this process's memory, while the calling thread waits until
/// it exits or executes a program. All signals are blocked meanwhile, in the child until it
/// unblocks them. `flags`: further CLONE_* flags. With `pidfd` the child's pidfd goes there. -1:
/// errno tells why. The caller reaps it. `body` may allocate and must not throw. For core/system
/// only.
pid_t run_sharing_memory(int (*body)(void*), void* argument, int flags, int* pidfd = nullptr);

}  // namespace hearth::system
