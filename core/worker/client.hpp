// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/record/user_record.hpp"
#include "core/secret/secrets.hpp"

namespace hearth::worker {

/// One operation, as a host asks a worker for it.
struct Request {
    /// create, activate, deactivate, authenticate, repair, update, passwd, resize, remove, adopt,
    /// recover.
    std::string verb;
    /// The user; for adopt the absolute path of the image (below the root); for recover ""
    /// (everything).
    std::string subject;
    /// create and update: the record as it should become, unsigned or signed; the worker adds
    /// binding and signature.
    std::optional<record::UserRecord> record;
    /// What may open the home: candidate passwords and so on.
    secret::Secrets secrets;
    /// create and passwd: the new password(s); the worker hashes them.
    std::vector<secret::Secret> new_passwords;
    /// passwd and create: accept what the password policy would refuse (create: also in the
    /// record).
    bool skip_quality = false;
    /// resize: bytes; 0: as small as possible; UINT64_MAX - 1: as large as possible; UINT64_MAX: as
    /// the record says.
    std::uint64_t size = UINT64_MAX;
    /// resize: a share of the largest possible size instead, of 2^32-1, which is all of it.
    std::optional<std::uint64_t> size_share;
    /// deactivate: the home keeps its size, whatever its record says: for the end of a machine's
    /// run.
    bool keep_size = false;
};

struct Reply {
    /// The record after the operation, with binding and status; never with secrets.
    std::optional<record::UserRecord> record;
    /// Things that went wrong without being the goal, in words for people.
    std::vector<std::string> warnings;
};

/// What the caller of an operation wants to hear while it runs. Called on the thread that called
/// run().
class Observer {
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;
    /// `done` of `total` units of `step`; total 0: not known.
    virtual void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) = 0;
    /// A line for the log (syslog priority), from core or from a plugin.
    virtual void on_log(unsigned priority, const std::string& line) = 0;
    /// Readable when the operation should be cancelled (a signalfd, an eventfd, a pipe), or -1.
    [[nodiscard]] virtual int cancel_fd() const = 0;
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
