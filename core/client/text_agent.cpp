// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/text_agent.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/base/unique_fd.hpp"

namespace hearth::client {

namespace {

constexpr const char* kProgram = "/usr/bin/pkttyagent";
constexpr int kNotifyFd = 3;
constexpr int kPatienceMs = 5000;

/// It shares our terminal, and so our session; our blocked signals are not for it.
pid_t spawn_agent(int notify_fd) {
    std::array<char*, 5> arguments = {const_cast<char*>("pkttyagent"),
                                      const_cast<char*>("--notify-fd"), const_cast<char*>("3"),
                                      const_cast<char*>("--fallback"), nullptr};
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
    sigset_t none{};
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, notify_fd, kNotifyFd);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, kProgram, &files, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return failed == 0 ? pid : -1;
}

}  // namespace

std::optional<TextAgent> TextAgent::start() {
    if (::isatty(STDIN_FILENO) == 0 || ::access(kProgram, X_OK) != 0) return std::nullopt;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    // A copy onto itself would keep its close-on-exec flag.
    if (writer.get() == kNotifyFd) writer.reset(::fcntl(kNotifyFd, F_DUPFD_CLOEXEC, 4));
    const pid_t pid = spawn_agent(writer.get());
    writer.reset();
    if (pid < 0) return std::nullopt;
    TextAgent agent(pid);
    // Closed: polkit knows it, or it has ended.
    pollfd closed{reader.get(), 0, 0};
    ::poll(&closed, 1, kPatienceMs);
    return agent;
}

TextAgent::~TextAgent() {
    if (pid_ < 0) return;
    // Stopped in the background it would not hear the first.
    ::kill(pid_, SIGTERM);
    ::kill(pid_, SIGCONT);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace hearth::client
