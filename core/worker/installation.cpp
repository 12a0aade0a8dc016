// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/installation.hpp"

#include <filesystem>

namespace hearth::worker {

std::string worker_program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto folder = self.parent_path();
    // The service lies beside it, homectl in PREFIX/bin.
    const std::filesystem::path own = std::filesystem::path(HEARTH_LIBEXEC_DIR) / "hearth";
    if (folder.string().ends_with("/" + own.string())) return folder / "hearth-worker";
    return folder.parent_path() / own / "hearth-worker";
}

}  // namespace hearth::worker
