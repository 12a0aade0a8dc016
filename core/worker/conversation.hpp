// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/system/process.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/message.hpp"
#include "core/worker/opening.hpp"

namespace hearth::worker {

/// A worker that was started for one operation, and our ends of its wires. For one thread; never
/// waits, so that one thread can have many. A worker whose conversation is destroyed before its end
/// is killed: recover its home.
class Conversation {
  public:
    /// Errors: worker-start, process-spawn, worker-protocol.
    static Result<Conversation> start(const Opening& opening);

    /// Readable when step() has something to do.
    [[nodiscard]] int fd() const { return socket_.get(); }
    /// Call give_up() when nothing was readable for so long; -1: the worker may be silent.
    [[nodiscard]] int deadline_ms() const;

    /// Takes one message. At the end of the operation gives what came of it; worker-crashed if the
    /// worker ended without a word.
    std::optional<Result<Reply>> step(Listener& listener);
    /// Kills the worker and gives the error for that: worker-hangs.
    Result<Reply> give_up();
    /// Asks the worker to stop at the next point where that is possible. It still answers.
    void cancel() { cancel_.reset(); }

  private:
    Conversation(system::ChildProcess child, UniqueFd socket, UniqueFd cancel)
        : child_(std::move(child)), socket_(std::move(socket)), cancel_(std::move(cancel)) {}

    void pass_on(const Message& message, Listener& listener);
    Result<Reply> finish(const Message& message, const std::vector<UniqueFd>& fds);
    Result<Reply> died();
    [[nodiscard]] std::string while_doing() const;

    system::ChildProcess child_;
    UniqueFd socket_;
    UniqueFd cancel_;
    std::string step_;
    bool critical_ = false;
};

/// What the last message of an operation says, with the descriptors that came beside it: the
/// operation's failure, or what came of it. Errors: the operation's, worker-protocol, record-*.
Result<Reply> read_reply(const Message& message, const std::vector<UniqueFd>& fds);

/// Did the worker end without an answer, so that its home has to be recovered?
[[nodiscard]] bool worker_was_lost(const Result<Reply>& result);

}  // namespace hearth::worker
