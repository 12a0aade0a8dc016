// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/loop.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>

#include "core/base/unique_fd.hpp"

namespace hearth::homed {
namespace {

using Handle = std::unique_ptr<service::Loop::Handle>;

class Loops : public ::testing::Test {
  protected:
    Loops() : loop_(EventLoop::open().value()) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
        near_.reset(ends[0]);
        far_.reset(ends[1]);
    }
    void send() const { ASSERT_EQ(::write(far_.get(), "x", 1), 1); }
    void take() const {
        char byte = 0;
        ASSERT_EQ(::read(near_.get(), &byte, 1), 1);
    }
    /// Runs what is there to do now.
    void settle() const {
        while (loop_->turn(0).value()) {
        }
    }

    std::unique_ptr<EventLoop> loop_;
    UniqueFd near_, far_;
};

TEST_F(Loops, CallsAsLongAsThereIsSomethingToRead) {
    int calls = 0;
    const Handle handle = loop_->watch(near_.get(), [&] { ++calls; });
    settle();
    EXPECT_EQ(calls, 0);
    send();
    ASSERT_TRUE(loop_->turn(0).value());
    ASSERT_TRUE(loop_->turn(0).value());
    EXPECT_EQ(calls, 2);
    take();
    settle();
    EXPECT_EQ(calls, 2);
}

TEST_F(Loops, CallsWhenTheOtherEndIsGone) {
    int calls = 0;
    Handle handle = loop_->watch(near_.get(), [&] {
        ++calls;
        handle.reset();
    });
    far_.reset();
    settle();
    EXPECT_EQ(calls, 1);
}

TEST_F(Loops, LetsAHandleGoInsideItsOwnCallback) {
    std::string seen;
    Handle handle;
    // Long enough to live on the heap: a callback destroyed while it runs would be noticed.
    handle = loop_->watch(near_.get(), [&, text = std::string(100, 'a')] {
        handle.reset();
        seen = text;
    });
    send();
    settle();
    EXPECT_EQ(seen, std::string(100, 'a'));
}

TEST_F(Loops, LetsATimerAndAnIdleCallReplaceThemselves) {
    int calls = 0;
    Handle timer, idle;
    idle = loop_->when_idle([&] {
        ++calls;
        idle = loop_->when_idle([&] { ++calls; });
    });
    timer = loop_->after(0, [&] {
        ++calls;
        timer = loop_->after(0, [&] { ++calls; });
    });
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(loop_->turn(5000).has_value());
    EXPECT_EQ(calls, 4);
}

TEST_F(Loops, CallsNobodyWhoseHandleIsGone) {
    int calls = 0;
    Handle other;
    const Handle first = loop_->watch_first(near_.get(), [&] {
        other.reset();
        take();
    });
    other = loop_->when_idle([&] { ++calls; });
    send();
    settle();
    EXPECT_EQ(calls, 0);
}

TEST_F(Loops, SeesWhatComesFirstFirst) {
    std::string order;
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const UniqueFd near(ends[0]), far(ends[1]);
    Handle idle = loop_->when_idle([&] { order += 'i'; });
    Handle usual = loop_->watch(near.get(), [&] {
        order += 'u';
        usual.reset();
    });
    Handle first = loop_->watch_first(near_.get(), [&] {
        order += 'f';
        first.reset();
    });
    ASSERT_EQ(::write(far.get(), "x", 1), 1);
    send();
    settle();
    EXPECT_EQ(order, "fui");
}

TEST_F(Loops, TellsWhenThereIsRoomToWrite) {
    ASSERT_EQ(::shutdown(far_.get(), SHUT_WR), 0);
    const std::string block(4096, 'x');
    while (::send(near_.get(), block.data(), block.size(), MSG_DONTWAIT) > 0) {
    }
    int calls = 0;
    const Handle handle = loop_->watch_writable(near_.get(), [&] { ++calls; });
    settle();
    EXPECT_EQ(calls, 0);
    std::string bytes(std::size_t{1} << 20, '\0');
    ASSERT_GT(::recv(far_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT), 0);
    while (::recv(far_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
    }
    ASSERT_TRUE(loop_->turn(0).value());
    EXPECT_EQ(calls, 1);
}

TEST_F(Loops, GoesOnWithoutASourceThatThrows) {
    int calls = 0;
    const Handle bad = loop_->watch(near_.get(), [&] {
        ++calls;
        throw std::runtime_error("a test");
    });
    send();
    ::testing::internal::CaptureStderr();
    settle();
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "An event could not be handled: a test\n");
    EXPECT_EQ(calls, 1);
}

TEST_F(Loops, TakesSignals) {
    const Handle handle = loop_->on_signal(SIGUSR1, [&] { loop_->stop(); });
    ASSERT_EQ(::raise(SIGUSR1), 0);
    EXPECT_TRUE(loop_->run().has_value());
}

}  // namespace
}  // namespace hearth::homed
