// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/installation.hpp"

#include <filesystem>

namespace hearth::worker {

std::string worker_program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto prefix = self.parent_path().parent_path();
    return (prefix / HEARTH_LIBEXEC_DIR / "hearth" / "hearth-worker").string();
}

}  // namespace hearth::worker
