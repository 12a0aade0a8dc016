// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/namespace_child.hpp"

#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace hearth::system {

namespace {

// Only system calls from here on: other threads of the parent may have held any lock.
[[noreturn]] void wait_to_be_ended(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    while (true) pause();
}

}  // namespace

NamespaceChild::NamespaceChild(std::uint64_t flags) {
    const pid_t parent = getpid();
    clone_args arguments{};
    arguments.flags = flags;
    arguments.exit_signal = SIGCHLD;
    pid_ = static_cast<pid_t>(syscall(SYS_clone3, &arguments, sizeof arguments));
    if (pid_ == 0) wait_to_be_ended(parent);
}

NamespaceChild::~NamespaceChild() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace hearth::system
