// SPDX-License-Identifier: MIT
#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/base/unique_fd.hpp"

namespace hearth::check {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void be_child(int answer, const std::function<Outcome()>& body) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    const Outcome outcome = body();
    const std::string text =
        static_cast<char>('0' + static_cast<char>(outcome.kind)) + outcome.text.substr(0, 60000);
    const auto written = ::write(answer, text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

int milliseconds_to(Clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    return left.count() < 0 ? 0 : static_cast<int>(left.count());
}

/// Everything until the child closes its end; false when the time is over.
bool read_answer(int fd, Clock::time_point end, std::string& out) {
    for (;;) {
        pollfd wait{fd, POLLIN, 0};
        const int ready = ::poll(&wait, 1, milliseconds_to(end));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        std::array<char, 4096> part{};
        const ssize_t got = ::read(fd, part.data(), part.size());
        if (got <= 0) return true;
        out.append(part.data(), static_cast<std::size_t>(got));
    }
}

Outcome to_outcome(const std::string& answer) {
    return {static_cast<Outcome::Kind>(answer[0] - '0'), answer.substr(1)};
}

std::string signal_text(int signal) {
    const char* name = ::sigabbrev_np(signal);
    return name == nullptr ? std::to_string(signal) : std::string("SIG") + name;
}

}  // namespace

Ended in_child(const std::function<Outcome()>& body, std::chrono::milliseconds limit) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {failed("there is no pipe"), 0, false};
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    const pid_t pid = ::fork();
    if (pid < 0) return {failed("there is no process"), 0, false};
    if (pid == 0) be_child(writing.get(), body);
    writing.reset();
    std::string answer;
    Ended out;
    out.timed_out = !read_answer(reading.get(), Clock::now() + limit, answer);
    if (out.timed_out) {
        ::kill(-pid, SIGKILL);
        ::kill(pid, SIGKILL);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    // What it left behind is not to disturb the next one.
    ::kill(-pid, SIGKILL);
    out.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (out.timed_out)
        out.outcome = failed("still running after " + std::to_string(limit.count() / 1000) + " s");
    else if (out.signal != 0)
        out.outcome = failed("the process died of " + signal_text(out.signal));
    else if (answer.empty())
        out.outcome = failed("the process ended by itself");
    else
        out.outcome = to_outcome(answer);
    return out;
}

}  // namespace hearth::check
