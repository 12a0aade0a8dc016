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

/// The same in a cgroup from its first instruction on, and with a copy of the memory, because only
/// that can be asked for together: `body` makes nothing but system calls. Moving a process to a
/// cgroup later would make it wait for all processors.
pid_t run_in_group(int (*body)(void*), void* argument, int flags, int group, int* pidfd);

}  // namespace hearth::system
