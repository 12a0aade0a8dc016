// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/caches.hpp"

#include <fcntl.h>

#include <cerrno>

#include "core/system/kernel_file.hpp"

namespace hearth::system {

Result<void> drop_caches() {
    constexpr const char* kEverything = "3";
    if (write_kernel_file(AT_FDCWD, "/proc/sys/vm/drop_caches", kEverything)) return ok();
    return Error(Code::io, "caches-drop", "The caches of the kernel cannot be dropped.").sys(errno);
}

}  // namespace hearth::system
