// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace hearth::system {

namespace {

ExitState state_of(const siginfo_t& info) {
    if (info.si_code == CLD_EXITED) return {info.si_status, 0};
    return {0, info.si_status};
}

Error wait_error(int sys_errno) {
    return Error(Code::internal, "process-wait", "A child process cannot be waited for.")
        .sys(sys_errno);
}

std::vector<pid_t> abandoned;

}  // namespace

void reap_abandoned() {
    std::erase_if(abandoned, [](pid_t pid) { return waitpid(pid, nullptr, WNOHANG) != 0; });
}

void ChildProcess::abandon() {
    reap_abandoned();
    if (pid_ >= 0) abandoned.push_back(std::exchange(pid_, -1));
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(pidfd_, other.pidfd_);
    return *this;
}

ChildProcess::~ChildProcess() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

Result<ExitState> ChildProcess::wait() {
    if (pid_ < 0) return wait_error(ECHILD);
    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED) != 0)
        if (errno != EINTR) return wait_error(errno);
    pid_ = -1;
    return state_of(info);
}

Result<std::optional<ExitState>> ChildProcess::wait_for(int milliseconds) {
    pollfd ended{pidfd_.get(), POLLIN, 0};
    const int ready = poll(&ended, 1, milliseconds);
    if (ready < 0 && errno != EINTR) return wait_error(errno);
    if (ready <= 0) return std::optional<ExitState>{};
    HEARTH_TRY(state, wait());
    return std::optional(state);
}

Result<void> ChildProcess::kill(int signal) {
    if (pid_ < 0 || ::kill(pid_, signal) == 0 || errno == ESRCH) return ok();
    return Error(Code::internal, "process-kill", "A child process cannot be ended.").sys(errno);
}

}  // namespace hearth::system
