// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/locked_work.hpp"

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace hearth::secret {

namespace {

bool has_capability_to_lock() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    return syscall(SYS_capget, &header, sets.data()) == 0 &&
           (sets[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) != 0;
}

bool is_unlimited() {
    rlimit limit{};
    const bool known = getrlimit(RLIMIT_MEMLOCK, &limit) == 0;
    return (known && limit.rlim_cur == RLIM_INFINITY) || has_capability_to_lock();
}

/// Ends MCL_FUTURE as well. munlockall() would unlock the secrets of others.
bool lock_what_is_there() {
    return mlockall(MCL_CURRENT | MCL_ONFAULT) == 0;
}

}  // namespace

LockedWork::LockedWork() noexcept
    : holds_(is_unlimited() && lock_what_is_there() && mlockall(MCL_FUTURE) == 0) {}

LockedWork::~LockedWork() {
    if (holds_) lock_what_is_there();
}

}  // namespace hearth::secret
