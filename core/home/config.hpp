// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/root.hpp"

namespace hearth::home {

/// What the administrator decided for new homes: homed.conf and its drop-ins, as systemd-homed
/// reads them. Below the root, /etc comes before /run, /usr/local/lib and /usr/lib.
struct Config {
    /// Empty: the storage of the highest priority that can work here.
    std::string default_storage;
    /// Empty: whatever the storage prefers.
    std::string default_file_system;
    /// What was skipped, and why: for whoever reads the configuration to report. A mistake in it
    /// keeps nobody out of a home. Ids: config-unreadable, config-line.
    std::vector<Error> warnings;
};

[[nodiscard]] Config read_config(const Root& root);

/// The same with the text of one file, whose settings come after those that are there. `path` is
/// for the messages.
void read_config_text(std::string_view text, const std::string& path, Config& config);

}  // namespace hearth::home
