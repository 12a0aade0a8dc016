// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/cancel_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace hearth::homectl {

CancelSignals::CancelSignals() {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
    sigprocmask(SIG_BLOCK, &signals, &before_);
    fd_.reset(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

CancelSignals::~CancelSignals() {
    signalfd_siginfo signal{};
    while (read(fd_.get(), &signal, sizeof signal) > 0) continue;
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace hearth::homectl
