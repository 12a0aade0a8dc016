// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/home/root.hpp"

namespace hearth::home {

/// One operation at a time on one home, across processes: an advisory lock on a file in the run
/// folder. The kernel drops it when the holder dies, however it dies.
class Lock {
  public:
    /// `verb` is what others are told when they find the home taken.
    /// Errors: home-busy (names the operation and its process), run-folder.
    static Result<Lock> take(const Root& root, const std::string& user, std::string_view verb);

    Lock(Lock&&) noexcept = default;
    Lock& operator=(Lock&&) noexcept = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock();

  private:
    Lock(UniqueFd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

    UniqueFd file_;
    std::string path_;
};

/// Does a running operation hold this home? For those who only look.
[[nodiscard]] bool is_locked(const Root& root, const std::string& user);

}  // namespace hearth::home
