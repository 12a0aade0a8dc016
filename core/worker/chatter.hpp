// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

// Private to core/worker.

namespace hearth::worker {

/// What a worker, or a library in it, prints to standard error: passed on to ours, up to 64 KiB.
/// Then its pipe is closed, so that whoever prints without end fails instead of filling a log.
class Chatter {
  public:
    /// `write_end` is for the worker. Errors: worker-start.
    static Result<Chatter> open(UniqueFd& write_end);

    /// To poll for reading; -1: nothing comes any more.
    [[nodiscard]] int fd() const { return pipe_.get(); }
    /// Passes on what is there, a few KiB at a time; never waits for the worker. False: nothing
    /// was.
    bool pass_on();

  private:
    explicit Chatter(UniqueFd pipe) : pipe_(std::move(pipe)) {}

    UniqueFd pipe_;
    std::size_t passed_ = 0;
};

}  // namespace hearth::worker
