// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/caches.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

Result<void> drop_caches() {
    constexpr std::string_view kEverything = "3";
    const UniqueFd file(::open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC));
    if (file && ::write(file.get(), kEverything.data(), kEverything.size()) == 1) return ok();
    return Error(Code::io, "caches-drop", "The caches of the kernel cannot be dropped.").sys(errno);
}

}  // namespace hearth::system
