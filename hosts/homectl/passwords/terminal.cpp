// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/passwords/terminal.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

constexpr std::size_t kLongest = 1024;

volatile std::sig_atomic_t caught_signal = 0;

void remember_signal(int number) {
    caught_signal = number;
}

/// Turns signals that would end or stop the program into the end of a read, and delivers them when
/// the terminal is back in order.
class SignalHold {
  public:
    SignalHold() {
        caught_signal = 0;
        struct sigaction action {};
        action.sa_handler = remember_signal;
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            sigaction(kSignals[i], nullptr, &before_[i]);
            // What the caller ignores (as under nohup) stays ignored.
            if (before_[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
        }
    }
    SignalHold(const SignalHold&) = delete;
    SignalHold& operator=(const SignalHold&) = delete;
    ~SignalHold() {
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            sigaction(kSignals[i], &before_[i], nullptr);
        if (caught_signal != 0) std::raise(caught_signal);
    }

  private:
    static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    std::array<struct sigaction, kSignals.size()> before_{};
};

class EchoOff {
  public:
    explicit EchoOff(int fd) : fd_(fd), known_(tcgetattr(fd, &before_) == 0) {
        if (!known_) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet.c_lflag |= static_cast<tcflag_t>(ECHONL | ICANON);
        tcsetattr(fd_, TCSAFLUSH, &quiet);
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    ~EchoOff() {
        if (known_) tcsetattr(fd_, TCSADRAIN, &before_);
    }

  private:
    int fd_;
    termios before_{};
    bool known_;
};

Error no_answer() {
    return Error(Code::cancelled, "no-answer", "The question was not answered.")
        .why("The input ended.");
}

/// Reads up to the end of the line, byte by byte: what comes after it belongs to the next question.
Result<secret::Secret> read_line(int fd) {
    HEARTH_TRY(line, secret::Secret::with_size(kLongest));
    std::size_t length = 0;
    for (;;) {
        std::byte next{};
        const ssize_t got = read(fd, &next, 1);
        if (got < 0 && errno == EINTR && caught_signal == 0) continue;
        if (got < 0 && errno != EINTR)
            return Error(Code::io, "terminal-failed", "The terminal cannot be read.").sys(errno);
        if (got <= 0) return no_answer();
        if (next == std::byte{'\n'}) break;
        if (length == kLongest)
            return Error(Code::invalid_argument, "password-too-long",
                         "The password is longer than 1024 bytes.");
        line.expose()[length++] = next;
    }
    line.shrink(length);
    return line;
}

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(fd, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

Result<Terminal> Terminal::open(const char* path) {
    UniqueFd fd(::open(path, O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!fd || isatty(fd.get()) == 0)
        return Error(Code::not_supported, "no-terminal", "There is no terminal to ask on.");
    return Terminal(std::move(fd));
}

Result<secret::Secret> Terminal::ask(const std::string& question) {
    // Destroyed in reverse: first the terminal is put back, then a signal may end the program.
    const SignalHold hold;
    const EchoOff quiet(fd_.get());
    write_all(fd_.get(), clean(question) + ": ");
    return read_line(fd_.get());
}

void Terminal::say(const std::string& text) {
    write_all(fd_.get(), clean(text) + "\n");
}

void Terminal::show(const secret::Secret& text) {
    write_all(fd_.get(), text.view());
    write_all(fd_.get(), "\n");
}

}  // namespace hearth::homectl
