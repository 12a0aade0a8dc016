// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/side_by_side.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <thread>
#include <vector>

namespace hearth::client {

std::size_t processors() {
    return std::max(1U, std::thread::hardware_concurrency());
}

Result<void> SideBySide::run() {
    for (;;) {
        fill();
        const bool at_end = cancelled_ || batch_.source_fd() < 0;
        if (running_.empty() && at_end) break;
        HEARTH_CHECK(wait());
    }
    if (!cancelled_) return ok();
    return Error(Code::cancelled, "cancelled", "The operation was cancelled.");
}

void SideBySide::fill() {
    while (!cancelled_ && running_.size() < most_) {
        auto item = batch_.next();
        if (!item) return;
        auto strand = begin_(std::move(item->request));
        if (strand)
            running_.push_back({item->number, *std::move(strand)});
        else
            batch_.on_done(item->number, std::move(strand).error());
    }
}

/// Until the first of them may be silent no longer; -1: for ever.
int SideBySide::patience_ms() const {
    int least = -1;
    for (const Running& one : running_) {
        const int left = one.strand->deadline_ms();
        if (left >= 0) least = least < 0 ? left : std::min(least, left);
    }
    return least;
}

Result<void> SideBySide::wait() {
    const bool has_room = !cancelled_ && running_.size() < most_;
    std::vector<pollfd> watched = {{cancelled_ ? -1 : observer_.cancel_fd(), POLLIN, 0},
                                   {has_room ? batch_.source_fd() : -1, POLLIN, 0}};
    for (const Running& one : running_) watched.push_back({one.strand->fd(), POLLIN, 0});
    const int n = ::poll(watched.data(), watched.size(), patience_ms());
    if (n < 0 && errno == EINTR) return ok();
    if (n < 0)
        return Error(Code::internal, "batch-wait", "Cannot wait for the operations.").sys(errno);
    if (watched[0].revents != 0) cancel_all();
    auto next = running_.begin();
    for (std::size_t i = 2; i < watched.size(); ++i) {
        const Place place = next++;
        if (watched[i].revents != 0)
            settle(place, place->strand->step(observer_));
        else if (place->strand->deadline_ms() == 0)
            settle(place, place->strand->on_deadline());
    }
    return ok();
}

void SideBySide::cancel_all() {
    cancelled_ = true;
    for (Running& one : running_) one.strand->cancel();
}

void SideBySide::settle(Place place, std::optional<Result<worker::Reply>> end) {
    if (!end) return;
    const std::size_t number = place->number;
    running_.erase(place);
    batch_.on_done(number, *std::move(end));
}

}  // namespace hearth::client
