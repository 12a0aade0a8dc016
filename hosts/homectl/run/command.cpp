// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/command.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

constexpr int kNotStarted = 255;

/// As in system(3): signals from the keyboard are for the command, not for us. Put back when it is
/// over.
class KeyboardSignalsIgnored {
  public:
    KeyboardSignalsIgnored() {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            sigaction(kSignals[i], &ignore, &before_[i]);
    }
    KeyboardSignalsIgnored(const KeyboardSignalsIgnored&) = delete;
    KeyboardSignalsIgnored& operator=(const KeyboardSignalsIgnored&) = delete;
    ~KeyboardSignalsIgnored() { restore(); }
    void restore() const {
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            sigaction(kSignals[i], &before_[i], nullptr);
    }

  private:
    static constexpr std::array kSignals = {SIGINT, SIGQUIT};
    std::array<struct sigaction, kSignals.size()> before_{};
};

[[noreturn]] void become(std::vector<char*> argv, const std::string& folder) {
    const bool there = chdir(folder.c_str()) == 0;
    if (there) execvp(argv[0], argv.data());
    const std::string what = there ? std::string("The command ") + argv[0] + " cannot be run"
                                   : "The folder " + folder + " cannot be entered";
    const std::string line =
        "homectl: " + clean(what) + ": " + strerrordesc_np(errno) + "\n  [command-start]\n";
    const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    (void)written;
    _exit(kNotStarted);
}

}  // namespace

Result<int> run_command(const std::vector<std::string>& command, const std::string& folder) {
    std::fflush(nullptr);
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const KeyboardSignalsIgnored signals;
    const pid_t child = fork();
    if (child < 0)
        return Error(Code::internal, "command-start", "The command cannot be started.").sys(errno);
    if (child == 0) {
        signals.restore();
        become(std::move(argv), folder);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return Error(Code::internal, "command-start", "The command was lost.").sys(errno);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace hearth::homectl
