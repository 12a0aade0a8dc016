// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/root.hpp"

// Private to core/home.

namespace hearth::home {

struct ConfigFile {
    std::string path;
    std::string text;
};

/// The files that count, in the order in which they do: the first homed.conf, then the drop-ins by
/// name, each from the first folder that has it. Errors go into `problems`: config-unreadable.
std::vector<ConfigFile> find_config_files(const Root& root, std::vector<Error>& problems);

}  // namespace hearth::home
