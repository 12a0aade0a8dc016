// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "outcome.hpp"

namespace hearth::check {

/// How a child process ended, and what it had to say.
struct Ended {
    /// Of the body; a failure if the child did not get to its end.
    Outcome outcome;
    int signal = 0;  // that ended it; 0: none
    bool timed_out = false;

    [[nodiscard]] bool killed() const { return signal != 0 && !timed_out; }
};

/// Runs `body` in a copy of this process with a process group of its own, and ends that group when
/// the time is over. The child's standard output goes to standard error.
Ended in_child(const std::function<Outcome()>& body,
               std::chrono::milliseconds limit = std::chrono::seconds(60));

}  // namespace hearth::check
