// SPDX-License-Identifier: LGPL-2.1-or-later
// hearthd: the service for home directories.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "hosts/homed/daemon.hpp"
#include "hosts/homed/log.hpp"

namespace {

constexpr const char* kHelp =
    "hearthd [--help | --version]\n\n"
    "The service for home directories: org.freedesktop.home1 on the system bus, and users for the\n"
    "name service. Runs in the foreground, as root. See hearthd(8).\n";

/// Secrets pass through this process: nobody traces it, and nothing of it is dumped.
void harden() {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    ::umask(022);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    // Whether a name is free is asked of everybody else.
    ::setenv("SYSTEMD_BYPASS_USERDB", "io.systemd.Home", 1);
}

int failed(const hearth::Error& error) {
    hearth::homed::log_line(LOG_ERR, error.one_line() + " [" + error.id() + "]");
    if (!error.hint().empty()) hearth::homed::log_line(LOG_ERR, error.hint());
    return 1;
}

int serve() {
    auto daemon = hearth::homed::Daemon::start();
    if (!daemon) return failed(daemon.error());
    const auto ended = (*daemon)->run();
    return ended ? 0 : failed(ended.error());
}

int answer(std::string_view option) {
    if (option == "--help" || option == "-h") return std::fputs(kHelp, stdout) < 0 ? 1 : 0;
    if (option == "--version") return std::puts("hearthd (Hearth) " HEARTH_VERSION) < 0 ? 1 : 0;
    std::fputs("hearthd takes no arguments but --help and --version.\n", stderr);
    return 2;
}

}  // namespace

int main(int argc, char* argv[]) {
    try {
        if (argc > 1) return answer(argv[1]);
        if (::geteuid() != 0) {
            std::fputs("hearthd has to be run as root: it opens and closes home directories.\n",
                       stderr);
            return 1;
        }
        harden();
        return serve();
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "hearthd: An internal error: %s\n", failure.what());
        return 1;
    }
}
