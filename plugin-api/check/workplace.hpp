// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "outcome.hpp"

namespace hearth::check {

/// The file system that the homes of the rules lie on: below a folder that the caller names, or as
/// root one of the checker's own (ext4 with encryption on a loop device; without loop devices a
/// tmpfs) in a private mount namespace, or else a temporary folder. Gone when this is destroyed.
class Workplace {
  public:
    Workplace() = default;
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;
    ~Workplace();

    /// `place`: a folder, or empty. `keep`: it stays, and is named on standard error.
    Outcome prepare(const std::string& place, bool keep);

    [[nodiscard]] const std::string& folder() const { return folder_; }
    /// The file system was made here, so that it may be filled.
    [[nodiscard]] bool is_own() const { return is_mounted_; }
    /// A folder for one rule. Empty: it cannot be made.
    [[nodiscard]] std::string make_folder(const std::string& name) const;
    void drop_folder(const std::string& path) const;

  private:
    bool mount_own();

    std::string folder_;
    bool is_mounted_ = false;
    bool keep_ = false;
};

}  // namespace hearth::check
