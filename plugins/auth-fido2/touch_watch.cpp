// SPDX-License-Identifier: LGPL-2.1-or-later
#include "touch_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace hearth::fido2 {

namespace {

constexpr std::chrono::milliseconds kAgain{200};

int new_event() {
    const int fd = eventfd(0, EFD_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    return fd;
}

}  // namespace

TouchWatch::TouchWatch(int cancel_fd, std::chrono::milliseconds patience,
                       std::function<void()> stop)
    : cancel_fd_(cancel_fd), patience_(patience), stop_(std::move(stop)), done_fd_(new_event()) {
    try {
        thread_ = std::thread([this] { watch(); });
    } catch (...) {
        close(done_fd_);
        throw;
    }
}

TouchWatch::~TouchWatch() {
    end();
    close(done_fd_);
}

TouchWatch::End TouchWatch::end() {
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        while (write(done_fd_, &one, sizeof one) < 0 && errno == EINTR) {
        }
        thread_.join();
    }
    return end_;
}

/// Waits; true once the call is over. Notes a cancellation.
bool TouchWatch::is_over(std::chrono::milliseconds wait) {
    std::array<pollfd, 2> fds{pollfd{done_fd_, POLLIN, 0}, pollfd{cancel_fd_, POLLIN, 0}};
    if (end_ != End::none) fds[1].fd = -1;
    poll(fds.data(), fds.size(), static_cast<int>(wait.count()));
    if (fds[0].revents != 0) return true;
    if (fds[1].revents != 0) end_ = End::cancelled;
    return false;
}

void TouchWatch::watch() {
    if (is_over(patience_)) return;
    if (end_ == End::none) end_ = End::late;
    do stop_();
    while (!is_over(kAgain));
}

}  // namespace hearth::fido2
