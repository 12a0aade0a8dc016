// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/auth-fido2/touch_watch.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hearth::fido2 {

namespace {

using namespace std::chrono_literals;

/// A call that blocks until somebody stops it.
class Blocking {
  public:
    void stop() { ++stops_; }
    [[nodiscard]] int stops() const { return stops_; }
    void wait_for(int stops) const {
        while (stops_ < stops) std::this_thread::sleep_for(1ms);
    }

  private:
    std::atomic<int> stops_{0};
};

TEST(TouchWatch, LetsACallEndByItself) {
    Blocking call;
    TouchWatch watch(-1, 1h, [&] { call.stop(); });
    EXPECT_EQ(watch.end(), TouchWatch::End::none);
    EXPECT_EQ(call.stops(), 0);
}

TEST(TouchWatch, StopsACallThatTakesTooLong) {
    Blocking call;
    TouchWatch watch(-1, 10ms, [&] { call.stop(); });
    call.wait_for(1);
    EXPECT_EQ(watch.end(), TouchWatch::End::late);
}

TEST(TouchWatch, StopsACallThatIsCancelledAndDoesNotGiveUp) {
    const int cancel = eventfd(0, EFD_CLOEXEC);
    Blocking call;
    TouchWatch watch(cancel, 1h, [&] { call.stop(); });
    EXPECT_EQ(eventfd_write(cancel, 1), 0);
    call.wait_for(3);
    EXPECT_EQ(watch.end(), TouchWatch::End::cancelled);
    close(cancel);
}

}  // namespace

}  // namespace hearth::fido2
