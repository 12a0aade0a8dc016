// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/record/machine.hpp"

namespace hearth::home {

/// Where this installation keeps things: the system itself, or a folder that stands in for it
/// (`--root=DIR`).
///
/// The prefix goes in front of the state folder, the keys, /home, /run and /etc/machine-id. Paths
/// inside records stay as they are: path() is how they become paths of this machine.
class Root {
  public:
    Root() = default;
    /// `prefix` is an absolute path without a trailing slash, or "" for the system itself.
    explicit Root(std::string prefix) : prefix_(std::move(prefix)) {}

    [[nodiscard]] const std::string& prefix() const { return prefix_; }
    [[nodiscard]] std::string path(std::string_view absolute) const;

    /// systemd-homed's own folder and format: /var/lib/systemd/home.
    [[nodiscard]] std::string state_dir() const { return path("/var/lib/systemd/home"); }
    /// What only Hearth keeps there: the journal, and the plugins' own small stores.
    [[nodiscard]] std::string hearth_dir() const { return state_dir() + "/hearth"; }
    /// One file for each home with an unfinished operation: USER.journal.
    [[nodiscard]] std::string journal_dir() const { return hearth_dir() + "/journal"; }
    /// Locks of running operations.
    [[nodiscard]] std::string run_dir() const { return path("/run/hearth"); }
    /// Folders with signing keys, the first hit wins.
    [[nodiscard]] std::vector<std::string> key_dirs() const;

  private:
    std::string prefix_;
};

/// Makes a folder below hearth_dir() with all above it, for root's eyes only. Errors: state-folder.
Result<void> make_private_dir(const Root& root, const std::string& path);

/// The machine's identity: /etc/machine-id below the root, and the kernel's host name.
/// Errors: machine-id-missing, machine-id-invalid.
Result<record::Machine> read_machine(const Root& root);

}  // namespace hearth::home
