// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "core/client/batch.hpp"
#include "core/client/strand.hpp"
#include "core/worker/client.hpp"

namespace hearth::client {

/// Runs a batch with a number of its operations under way at any time. One thread.
///
/// When the observer wants the end, nothing more is taken from the batch, and what is under way is
/// cancelled and waited for.
class SideBySide {
  public:
    using Begin = std::function<Result<std::unique_ptr<Strand>>(worker::Request)>;

    /// Borrows `batch` and `observer`. `most`: under way at a time.
    SideBySide(Batch& batch, worker::Observer& observer, std::size_t most, Begin begin)
        : batch_(batch), observer_(observer), most_(most), begin_(std::move(begin)) {}

    /// Until all is done. Errors: cancelled (all that was under way has answered), batch-wait.
    Result<void> run();

  private:
    struct Running {
        std::size_t number;
        std::unique_ptr<Strand> strand;
    };
    using Place = std::list<Running>::iterator;

    void fill();
    [[nodiscard]] int patience_ms() const;
    Result<void> wait();
    void cancel_all();
    void settle(Place place, std::optional<Result<worker::Reply>> end);

    Batch& batch_;
    worker::Observer& observer_;
    std::size_t most_;
    Begin begin_;
    std::list<Running> running_;
    bool cancelled_ = false;
};

/// How many processors there are; at least one.
[[nodiscard]] std::size_t processors();

}  // namespace hearth::client
