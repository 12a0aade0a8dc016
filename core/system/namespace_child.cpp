// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/namespace_child.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>

namespace hearth::system {

namespace {

// Only system calls from here on: other threads of the parent may have held any lock.
int wait_to_be_ended(void* parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != *static_cast<const pid_t*>(parent)) return 0;
    while (true) pause();
}

}  // namespace

NamespaceChild::NamespaceChild(int flags) {
    // Not clone3(): units that restrict namespaces forbid it, because its flags cannot be
    // inspected.
    alignas(16) std::array<std::byte, 16384> stack{};
    pid_t parent = getpid();
    int pidfd = -1;
    pid_ = clone(wait_to_be_ended, stack.data() + stack.size(), flags | CLONE_PIDFD | SIGCHLD,
                 &parent, &pidfd);
    if (pid_ >= 0) pidfd_ = UniqueFd(pidfd);
}

NamespaceChild::~NamespaceChild() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

/// A worker has its own numbers for its children, and the /proc of the host.
std::string NamespaceChild::proc() const {
    std::ifstream about("/proc/self/fdinfo/" + std::to_string(pidfd_.get()));
    for (std::string word; about >> word;) {
        if (word != "Pid:") continue;
        long number = -1;
        if (about >> number && number > 0) return "/proc/" + std::to_string(number);
    }
    errno = ESRCH;
    return "";
}

}  // namespace hearth::system
