// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/chatter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace hearth::worker {

namespace {

constexpr std::size_t kMost = std::size_t{64} * 1024;

void print(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

Result<Chatter> Chatter::open(UniqueFd& write_end) {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0)
        return Error(Code::internal, "worker-start", "Cannot make a pipe for the worker.")
            .sys(errno);
    write_end = UniqueFd(fds[1]);
    Chatter chatter{UniqueFd(fds[0])};
    // Of the reading end only: the worker waits when it writes too fast.
    ::fcntl(chatter.fd(), F_SETFL, O_NONBLOCK);
    return chatter;
}

bool Chatter::pass_on() {
    if (!pipe_) return false;
    std::array<char, 4096> buffer{};
    const ssize_t n = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (n > 0) print({buffer.data(), static_cast<std::size_t>(n)});
    passed_ += n > 0 ? static_cast<std::size_t>(n) : 0;
    if (passed_ >= kMost) print("\nhearth: The worker prints too much; the rest is left out.\n");
    if (n <= 0 || passed_ >= kMost) pipe_.reset();
    return n > 0;
}

}  // namespace hearth::worker
