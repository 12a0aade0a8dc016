// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/leftovers.hpp"

#include <unistd.h>

#include <filesystem>
#include <vector>

#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

constexpr std::size_t kRandomDigits = 16;

bool is_temporary_of(const std::string& file, const std::string& name) {
    const std::string start = ".#" + name;
    return file.size() == start.size() + kRandomDigits && file.starts_with(start) &&
           file.find_first_not_of("0123456789abcdef", start.size()) == std::string::npos;
}

}  // namespace

void sweep_temporaries(int dir_fd, const std::string& name) {
    std::error_code error;
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(system::fd_path(dir_fd), error)) {
        const std::string file = entry.path().filename().string();
        if (is_temporary_of(file, name)) found.push_back(file);
    }
    for (const auto& file : found) ::unlinkat(dir_fd, file.c_str(), 0);
}

void sweep_state(const home::Root& root, const std::string& user) {
    if (auto dir = system::open_dir(root.state_dir()))
        sweep_temporaries(dir->get(), user + ".identity");
    if (auto dir = system::open_dir(root.journal_dir()))
        sweep_temporaries(dir->get(), user + ".journal");
}

}  // namespace hearth::operation
