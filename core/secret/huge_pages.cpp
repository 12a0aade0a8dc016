// SPDX-License-Identifier: LGPL-2.1-or-later
// mmap() for the whole program that this is linked into, libraries included: libcrypt maps 16 MiB
// for a password hash, takes memory from nobody else, and asks for no huge pages, without which a
// hash takes half as long again. Whatever is not the work area of a library during a LockedWork
// goes to the kernel as it is.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/secret/locked_work.hpp"

namespace {

/// Of a size from which on a huge page is sure to fit in.
constexpr std::size_t kLarge = std::size_t{4} << 20;

bool is_work_area(const void* address, std::size_t size, int protection, int flags) {
    return address == nullptr && size >= kLarge && protection == (PROT_READ | PROT_WRITE) &&
           flags == (MAP_PRIVATE | MAP_ANONYMOUS) && hearth::secret::LockedWork::is_on();
}

}  // namespace

extern "C" __attribute__((visibility("default"), used)) void* mmap(void* address, std::size_t size,
                                                                   int protection, int flags,
                                                                   int fd, off_t offset) noexcept {
    if (is_work_area(address, size, protection, flags))
        return hearth::secret::LockedWork::map_huge(size);
    return reinterpret_cast<void*>(
        ::syscall(SYS_mmap, address, size, protection, flags, fd, offset));
}
