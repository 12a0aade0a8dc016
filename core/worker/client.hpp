// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/request.hpp"

namespace hearth::worker {

/// A listener that can also ask for the end. Called on the thread that called run().
class Observer : public Listener {
  public:
    /// Readable when the operation should be cancelled (a signalfd, an eventfd, a pipe), or -1.
    [[nodiscard]] virtual int cancel_fd() const = 0;
    /// Does it do anything with what it hears?
    [[nodiscard]] virtual bool is_listening() const { return true; }
};

/// Starts a worker process for one operation and waits for its end.
///
/// Errors: those of the operation, as the worker reported them; worker-missing, worker-version,
/// worker-crashed (after which the next operation recovers), worker-hangs (it said nothing for too
/// long and was killed), cancelled.
class Client {
  public:
    /// The worker that is installed beside this program.
    explicit Client(home::Root root);
    Result<Reply> run(Request request, Observer& observer);

  private:
    /// One worker for each home, because each shuts itself in for one plugin; a home that fails
    /// hinders no other.
    Result<Reply> recover_all(Observer& observer);

    home::Root root_;
};

/// The users with an operation that was interrupted (or is running right now), from the names of
/// the journal files; sorted.
[[nodiscard]] std::vector<std::string> unfinished_homes(const home::Root& root);

/// Does a home need a recovery run before anything else? Cheap.
[[nodiscard]] inline bool needs_recovery(const home::Root& root) {
    return !unfinished_homes(root).empty();
}

}  // namespace hearth::worker
