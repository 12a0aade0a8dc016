// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/locked_work.hpp"

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>

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

bool lock_what_comes() {
    return mlockall(MCL_FUTURE) == 0;
}

std::atomic<bool> one_holds{false};

}  // namespace

LockedWork::LockedWork() noexcept
    : holds_(is_unlimited() && lock_what_is_there() && lock_what_comes()) {
    one_holds = holds_;
}

LockedWork::~LockedWork() {
    if (!holds_) return;
    one_holds = false;
    lock_what_is_there();
}

bool LockedWork::is_on() noexcept {
    return one_holds;
}

/// Not while what comes is locked: then all its pages would be there, small ones, before anybody
/// could ask for others. The system call itself, because mmap() may be what called this.
void* LockedWork::map_huge(std::size_t size) noexcept {
    lock_what_is_there();
    const long made = syscall(SYS_mmap, nullptr, size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
    void* const memory = reinterpret_cast<void*>(made);
    if (memory != MAP_FAILED) {
        madvise(memory, size, MADV_HUGEPAGE);
        mlock(memory, size);
    }
    lock_what_comes();
    return memory;
}

}  // namespace hearth::secret
