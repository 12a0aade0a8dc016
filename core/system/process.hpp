// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/system/capabilities.hpp"

namespace hearth::system {

/// How a process ended.
struct ExitState {
    int code = 0;    ///< exit status, if it ended by itself
    int signal = 0;  ///< the signal that ended it, or 0
    [[nodiscard]] bool success() const { return code == 0 && signal == 0; }
};

/// A child, killed and reaped when this is destroyed before wait() has returned.
class ChildProcess {
  public:
    ChildProcess(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
    ChildProcess(ChildProcess&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Readable (poll) when it has ended.
    [[nodiscard]] int pidfd() const { return pidfd_.get(); }
    /// Waits for the end. Error: process-wait.
    Result<ExitState> wait();
    /// Waits at most so long; empty: still running. Error: process-wait.
    Result<std::optional<ExitState>> wait_for(int milliseconds);
    /// Sends a signal; one that has ended already is no error. Error: process-kill.
    Result<void> kill(int signal);

    /// Leaves it to itself, still running: nobody waits for it any more. It is reaped when it has
    /// ended and the next child is abandoned or started. One thread.
    void abandon();

  private:
    pid_t pid_ = -1;
    UniqueFd pidfd_;
};

/// Reaps those that were abandoned and have ended. For spawn().
void reap_abandoned();

struct SpawnRequest {
    /// An absolute path; or `program_fd`, an open binary, and the path only names it in messages.
    std::string program{};
    int program_fd = -1;
    /// With argv[0]. Empty: the program's path alone.
    std::vector<std::string> arguments{};
    /// NAME=value; nothing else is in the child's environment.
    std::vector<std::string> environment{};
    /// {fd here, fd in the child}. Of 0, 1 and 2, what is not listed is /dev/null; any other fd is
    /// closed.
    std::vector<std::pair<int, int>> fds{};
    /// Sent to the child when the thread that started it ends; 0: none.
    int parent_death_signal = 0;
    /// When it ends, whatever it started ends as well, wherever that has gone: it is the first
    /// process of a PID namespace. It sees the /proc of ours, and itself in it as "self".
    bool takes_all_along = false;
    /// The open folder of a cgroup in which it begins; -1: in that of this process, as where the
    /// kernel cannot do it.
    int control_group = -1;
    /// The only ones that it gets of this process's, whatever its user is. Holds if this process
    /// has no_new_privs.
    std::optional<Capabilities> capabilities{};
};

/// Starts a program without a shell: current folder /, umask 022, default signals, a session of its
/// own. Does not copy the caller's memory. Errors: process-spawn (the program cannot be started).
Result<ChildProcess> spawn(const SpawnRequest& request);

}  // namespace hearth::system
