// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/shared_child.hpp"

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace hearth::system {

namespace {

constexpr std::size_t kStack = 65536;

// A stack of its own: the child must not write over the frames that its caller returns to.
class Stack {
  public:
    Stack()
        : memory_(mmap(nullptr, kStack, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {}
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;
    ~Stack() {
        if (valid()) munmap(memory_, kStack);
    }
    [[nodiscard]] bool valid() const { return memory_ != MAP_FAILED; }
    [[nodiscard]] void* top() const { return static_cast<char*>(memory_) + kStack; }

  private:
    void* memory_;
};

// A handler of this process, run by the child, would see and change this process's memory.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() {
        const int why = errno;
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        errno = why;
    }

  private:
    sigset_t before_;
};

}  // namespace

pid_t run_sharing_memory(int (*body)(void*), void* argument, int flags, int* pidfd) {
    const Stack stack;
    if (!stack.valid()) return -1;
    const SignalsBlocked blocked;
    const int with_pidfd = pidfd == nullptr ? 0 : CLONE_PIDFD;
    return clone(body, stack.top(), flags | with_pidfd | CLONE_VM | CLONE_VFORK | SIGCHLD, argument,
                 pidfd);
}

pid_t run_in_group(int (*body)(void*), void* argument, int flags, int group, int* pidfd) {
    clone_args how{};
    how.flags = static_cast<std::uint64_t>(flags) | CLONE_PIDFD | CLONE_VFORK | CLONE_INTO_CGROUP;
    how.pidfd = reinterpret_cast<std::uintptr_t>(pidfd);
    how.exit_signal = SIGCHLD;
    how.cgroup = static_cast<std::uint64_t>(group);
    const SignalsBlocked blocked;
    const auto child = static_cast<pid_t>(::syscall(SYS_clone3, &how, sizeof how));
    if (child == 0) ::_exit(body(argument));
    return child;
}

}  // namespace hearth::system
