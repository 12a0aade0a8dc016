// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/transaction.hpp"

namespace hearth::operation {

namespace {

void undo_all(const std::vector<const Step*>& done) {
    for (auto step = done.rbegin(); step != done.rend(); ++step) {
        if ((*step)->undo) (*step)->undo();
    }
}

Error cancelled_before(const Step& step) {
    return Error(Code::cancelled, "cancelled",
                 "The operation was cancelled; what it had begun is undone.")
        .why("It stopped before " + step.name + ".");
}

}  // namespace

Result<void> run_steps(const std::vector<Step>& steps, StepObserver& observer) {
    std::vector<const Step*> done;
    bool committed = false;
    for (const Step& step : steps) {
        if (!committed && observer.cancelled()) {
            undo_all(done);
            return cancelled_before(step);
        }
        observer.on_step(step.name);
        if (auto result = step.run(); !result) {
            undo_all(done);
            return result;
        }
        if (step.commits) {
            committed = true;
            done.clear();
        } else if (!committed) {
            done.push_back(&step);
        }
    }
    return ok();
}

}  // namespace hearth::operation
