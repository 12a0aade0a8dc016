// SPDX-License-Identifier: LGPL-2.1-or-later
// hearth-worker: performs one operation on one home for the host that started it, and ends.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "core/worker/opening.hpp"
#include "core/worker/serve.hpp"

namespace {

/// Secrets will be in this process: nobody traces it, nothing of it is dumped, and no program it
/// runs gains anything.
void harden() {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::umask(022);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

void end_by(int number) {
    ::_exit(hearth::worker::kEndedBySignal + number);
}

/// The first process of a PID namespace does not die of a signal that comes from inside it, unless
/// it handles it; and somebody's abort() or raise() has to end it. The sanitizers have handlers of
/// their own.
void end_by_signals() {
    for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGTERM,
                             SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU, SIGXFSZ}) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) continue;
        action.sa_handler = end_by;
        ::sigaction(number, &action, nullptr);
    }
}

bool was_started_by_a_host() {
    return ::fcntl(hearth::worker::kSocketFd, F_GETFD) >= 0 &&
           ::fcntl(hearth::worker::kCancelFd, F_GETFD) >= 0;
}

}  // namespace

int main() {
    if (!was_started_by_a_host()) {
        static_cast<void>(std::fputs(
            "hearth-worker is started by homectl; there is nothing to type here.\n", stderr));
        return 2;
    }
    harden();
    end_by_signals();
    return hearth::worker::serve();
}
