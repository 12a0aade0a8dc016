// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/secret/secret.hpp"

namespace hearth::homectl {

/// Where a new recovery key goes, and nowhere else: the terminal, or a new file that only its owner
/// may read. Found out before anything is done.
class RecoveryKeyPlace {
  public:
    /// `path`: of the file; "": the terminal. Errors: recovery-key-nowhere, recovery-key-file.
    static Result<RecoveryKeyPlace> open(const std::string& path);

    /// Errors: recovery-key-file.
    Result<void> write(const secret::Secret& key, const std::string& user);
    /// The key is good for nothing: a file that was made goes.
    void give_up();

  private:
    RecoveryKeyPlace(std::string path, UniqueFd file)
        : path_(std::move(path)), file_(std::move(file)) {}
    Result<void> write_file(const secret::Secret& key);

    std::string path_;
    UniqueFd file_;  // none: the terminal
};

}  // namespace hearth::homectl
