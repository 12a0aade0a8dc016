// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace hearth::system {

/// Writes a setting of the kernel (below /proc, /sys, a cgroup) in one call, as it wants them. An
/// absolute `path` needs no `dir_fd`. False, with errno: it was not taken.
[[nodiscard]] bool write_kernel_file(int dir_fd, const std::string& path, std::string_view text);

}  // namespace hearth::system
