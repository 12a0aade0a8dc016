// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace hearth::fido2 {

/// While one lives, a second thread waits for the operation to be cancelled, or for its time to be
/// over, and then calls `stop` now and then: libfido2 blocks its own thread until the key answers,
/// and a key that is told to stop too early has nothing to stop.
class TouchWatch {
  public:
    enum class End { none, cancelled, late };

    /// `cancel_fd`: readable means cancelled; -1: nobody can. May throw, as threads may fail to
    /// start.
    TouchWatch(int cancel_fd, std::chrono::milliseconds patience, std::function<void()> stop);
    TouchWatch(const TouchWatch&) = delete;
    TouchWatch& operator=(const TouchWatch&) = delete;
    ~TouchWatch();

    /// Ends the watch, and says why `stop` was called, if it was.
    End end();

  private:
    void watch();
    bool is_over(std::chrono::milliseconds wait);

    int cancel_fd_;
    std::chrono::milliseconds patience_;
    std::function<void()> stop_;
    int done_fd_;
    std::atomic<End> end_{End::none};
    std::thread thread_;
};

}  // namespace hearth::fido2
