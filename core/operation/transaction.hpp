// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::operation {

/// One step of an operation.
struct Step {
    /// What it does, for the person who waits: "checking the password".
    std::string name;
    std::function<Result<void>()> run;
    /// Takes back what run() did; called only if run() succeeded and a later step failed. May be
    /// empty.
    std::function<void()> undo = {};
    /// The point of no return: once this has succeeded nothing is undone and no cancellation is
    /// honoured; what follows is finished now, or after a crash by recovery.
    bool commits = false;
};

/// What a list of steps needs from the operation around it.
class StepObserver {
  public:
    StepObserver() = default;
    StepObserver(const StepObserver&) = delete;
    StepObserver& operator=(const StepObserver&) = delete;
    virtual ~StepObserver() = default;
    virtual void on_step(const std::string& name) = 0;
    [[nodiscard]] virtual bool cancelled() = 0;
};

/// Runs the steps in order. When one fails, or the caller cancels between two of them, undoes those
/// that succeeded, last first, and returns the failure. Errors: those of the steps; cancelled.
Result<void> run_steps(const std::vector<Step>& steps, StepObserver& observer);

}  // namespace hearth::operation
