// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include "core/base/unique_fd.hpp"

namespace hearth::check {

/// No more than `room` further files can be opened while one of these lives.
class FileLimit {
  public:
    explicit FileLimit(rlim_t room) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const UniqueFd next(::dup(STDERR_FILENO));
        const rlimit now{static_cast<rlim_t>(next.get()) + room, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &now);
    }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;
    ~FileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

}  // namespace hearth::check
