// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/kernel_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

bool write_kernel_file(int dir_fd, const std::string& path, std::string_view text) {
    const UniqueFd file(::openat(dir_fd, path.c_str(), O_WRONLY | O_CLOEXEC));
    return file &&
           ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace hearth::system
