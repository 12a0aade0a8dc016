// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/shared_child.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

#include <cerrno>

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

}  // namespace

pid_t run_sharing_memory(int (*body)(void*), void* argument, int flags, int* pidfd) {
    const Stack stack;
    if (!stack.valid()) return -1;
    // A handler of this process, run by the child, would see and change this process's memory.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    const int with_pidfd = pidfd == nullptr ? 0 : CLONE_PIDFD;
    const pid_t child = clone(
        body, stack.top(), flags | with_pidfd | CLONE_VM | CLONE_VFORK | SIGCHLD, argument, pidfd);
    const int why = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = why;
    return child;
}

}  // namespace hearth::system
