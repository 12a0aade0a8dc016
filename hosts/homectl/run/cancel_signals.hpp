// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <csignal>

#include "core/base/unique_fd.hpp"

namespace hearth::homectl {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end the program but make fd() readable. Those
/// that came meanwhile are forgotten when it ends: the operation that they were meant for has
/// answered by then.
class CancelSignals {
  public:
    CancelSignals();
    CancelSignals(const CancelSignals&) = delete;
    CancelSignals& operator=(const CancelSignals&) = delete;
    ~CancelSignals();

    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    sigset_t before_{};
    UniqueFd fd_;
};

}  // namespace hearth::homectl
