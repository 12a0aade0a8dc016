// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/system/control_group.hpp"
#include "core/system/process.hpp"
#include "core/worker/chatter.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/message.hpp"
#include "core/worker/opening.hpp"
#include "core/worker/patience.hpp"

namespace hearth::worker {

/// A worker that was started for one operation, and our ends of its wires. For one thread; never
/// waits, whatever the worker does, so that one thread can have many. A worker whose conversation
/// is destroyed before its end is killed, with all that it started: recover its home.
class Conversation {
  public:
    /// `group`: what the worker is kept in, see worker_limits(). Errors: worker-start,
    /// process-spawn, worker-protocol.
    static Result<Conversation> start(const Opening& opening,
                                      std::optional<system::ControlGroup> group = {});

    /// Readable when step() has something to do. The same to the end.
    [[nodiscard]] int fd() const { return events_.get(); }
    /// Call on_deadline() when so much time has passed; ask again after each step.
    [[nodiscard]] int deadline_ms() const;

    /// Takes one message. When the worker has ended gives what came of the operation;
    /// worker-crashed if it ended without a word.
    std::optional<Result<Reply>> step(Listener& listener);
    /// Time is up: asks the worker to stop, then kills it. What comes of that is told by step(), or
    /// by this, if the kernel does not let it end: worker-hangs.
    std::optional<Result<Reply>> on_deadline();
    /// Asks the worker to stop at the next point where that is possible. It still answers.
    void cancel();

  private:
    Conversation(std::optional<system::ControlGroup> group, system::ChildProcess child,
                 UniqueFd socket, UniqueFd cancel, Chatter chatter)
        : group_(std::move(group)),
          child_(std::move(child)),
          socket_(std::move(socket)),
          cancel_(std::move(cancel)),
          chatter_(std::move(chatter)),
          patience_(now_ms()) {}

    static std::int64_t now_ms();
    Result<void> watch();
    void take(Datagram datagram, Listener& listener);
    void pass_on(const Message& message, Listener& listener);
    void farewell(Result<Reply> reply);
    std::optional<Result<Reply>> look_for_end();
    [[nodiscard]] Error died(const system::ExitState& ended) const;
    [[nodiscard]] Error hangs() const;
    [[nodiscard]] Error ate_memory() const;
    [[nodiscard]] std::string while_doing() const;

    /// Outlives what is in it.
    std::optional<system::ControlGroup> group_;
    system::ChildProcess child_;
    UniqueFd socket_;
    UniqueFd cancel_;
    Chatter chatter_;
    UniqueFd events_;
    Patience patience_;
    std::string step_;
    /// Its last word. It may still have to end.
    std::optional<Result<Reply>> reply_;
    bool killed_ = false;
};

/// What a worker may take: three quarters of the machine's memory, for key derivation takes as much
/// as a home's header asks for; and processes for mkfs and fsck many times over.
[[nodiscard]] system::GroupLimits worker_limits();

/// What the last message of an operation says, with the descriptors that came beside it: the
/// operation's failure, or what came of it. Errors: the operation's, worker-protocol, record-*.
Result<Reply> read_reply(const Message& message, const std::vector<UniqueFd>& fds);

/// Did the worker end without an answer, so that its home has to be recovered?
[[nodiscard]] bool worker_was_lost(const Result<Reply>& result);

}  // namespace hearth::worker
