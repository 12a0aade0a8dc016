// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <utility>

namespace hearth::client {

/// polkit's own agent on the terminal of the person who started us. While this lives, polkit can
/// ask them there for somebody's password, if no agent of their desktop does.
class TextAgent {
  public:
    /// Waits until polkit knows it. Nothing: there is no terminal, or the agent is not installed or
    /// does not work here.
    static std::optional<TextAgent> start();
    TextAgent(TextAgent&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
    TextAgent& operator=(TextAgent&&) = delete;
    ~TextAgent();

  private:
    explicit TextAgent(pid_t pid) : pid_(pid) {}

    pid_t pid_;
};

}  // namespace hearth::client
