// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/service/loop.hpp"
#include "core/worker/conversation.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/request.hpp"

namespace hearth::service {

/// Runs workers side by side, as many as the machine has processors and two more; others wait.
class Runner {
  public:
    using Done = std::function<void(Result<worker::Reply>)>;
    using Id = std::uint64_t;

    /// Borrows both.
    Runner(const home::Root& root, Loop& loop);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    ~Runner();

    /// `listener` may be null. `done` is called from the loop. After a worker that was lost the
    /// home of that user is recovered first; "": nothing is.
    Id run(worker::Request request, std::string home, std::shared_ptr<worker::Listener> listener,
           Done done);
    void cancel(Id id);
    /// Those that run and those that wait.
    [[nodiscard]] std::size_t running() const { return running_.size() + waiting_.size(); }

  private:
    struct Run;
    void start_next();
    void start(std::unique_ptr<Run> run);
    void on_readable(Id id);
    void arm_deadline(Run& run);
    void end(Id id, Result<worker::Reply> result);
    void recover(Run& lost, Result<worker::Reply> result);

    const home::Root& root_;
    Loop& loop_;
    std::size_t most_;
    Id last_ = 0;
    std::map<Id, std::unique_ptr<Run>> running_;
    std::deque<std::unique_ptr<Run>> waiting_;
};

}  // namespace hearth::service
