// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <string>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// A copy of this process, made like fork() but with `flags` (CLONE_NEW*), that waits to be ended.
/// Killed and reaped on destruction, and by the kernel when this process dies. For core/system
/// only.
class NamespaceChild {
  public:
    /// pid() is -1 and errno tells why, if there is none.
    explicit NamespaceChild(int flags);
    NamespaceChild(const NamespaceChild&) = delete;
    NamespaceChild& operator=(const NamespaceChild&) = delete;
    ~NamespaceChild();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Its folder below /proc, whatever PID namespace this process is in; "" and errno: there is
    /// none.
    [[nodiscard]] std::string proc() const;

  private:
    pid_t pid_;
    UniqueFd pidfd_;
};

}  // namespace hearth::system
