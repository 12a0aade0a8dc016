// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/service/loop.hpp"
#include "core/system/control_group.hpp"
#include "core/worker/conversation.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/request.hpp"

namespace hearth::service {

/// Runs workers side by side, as many as the machine has processors and two more; others wait.
class Runner {
  public:
    using Done = std::function<void(Result<worker::Reply>)>;
    using Id = std::uint64_t;
    /// Has the last word about a request, when its worker is about to start.
    using Prepare = std::function<void(worker::Request&)>;

    /// Borrows the root and the loop.
    Runner(const home::Root& root, Loop& loop, Prepare prepare);
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

    /// Those that run.
    [[nodiscard]] std::size_t started() const { return running_.size(); }
    [[nodiscard]] std::size_t most() const { return most_; }

  private:
    struct Run;
    void start_next();
    void start(std::unique_ptr<Run> run);
    std::optional<system::ControlGroup> next_group();
    void on_readable(Id id);
    void on_deadline(Id id);
    void arm_deadline(Run& run);
    void end(Id id, Result<worker::Reply> result);
    void recover(Run& lost, Result<worker::Reply> result);

    const home::Root& root_;
    Loop& loop_;
    Prepare prepare_;
    std::size_t most_;
    Id last_ = 0;
    bool has_looked_for_groups_ = false;
    std::optional<system::ControlGroups> groups_;
    std::map<Id, std::unique_ptr<Run>> running_;
    std::deque<std::unique_ptr<Run>> waiting_;
};

}  // namespace hearth::service
