// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "hosts/homed/loop.hpp"

namespace hearth::homed {

/// The loop of the service, but time passes only when a test says so: a slow machine fails no test.
class TimelessLoop final : public service::Loop {
  public:
    std::unique_ptr<Handle> watch(int fd, Callback callback) override {
        return loop_->watch(fd, std::move(callback));
    }
    std::unique_ptr<Handle> watch_first(int fd, Callback callback) override {
        return loop_->watch_first(fd, std::move(callback));
    }
    std::unique_ptr<Handle> watch_writable(int fd, Callback callback) override {
        return loop_->watch_writable(fd, std::move(callback));
    }
    std::unique_ptr<Handle> when_idle(Callback callback) override {
        return loop_->when_idle(std::move(callback));
    }
    std::unique_ptr<Handle> after(std::uint64_t usec, Callback callback) override {
        timers_[++last_] = {now_ + usec, std::move(callback)};
        return std::make_unique<Timer>(*this, last_);
    }

    /// One round. False: there was nothing to do.
    bool turn() { return loop_->turn(0).value(); }
    /// Does what there is to do now.
    void settle() {
        while (turn()) {
        }
    }
    /// Lets time pass, and does what there is to do then.
    void pass(std::uint64_t usec) {
        now_ += usec;
        for (auto timer = timers_.begin(); timer != timers_.end(); timer = timers_.begin()) {
            while (timer != timers_.end() && timer->second.first > now_) ++timer;
            if (timer == timers_.end()) break;
            const Callback callback = std::move(timer->second.second);
            timers_.erase(timer);
            callback();
        }
        settle();
    }

  private:
    struct Timer final : Handle {
        Timer(TimelessLoop& owner, std::uint64_t number) : loop(owner), id(number) {}
        ~Timer() override { loop.timers_.erase(id); }
        TimelessLoop& loop;
        std::uint64_t id;
    };

    std::unique_ptr<EventLoop> loop_ = EventLoop::open().value();
    std::uint64_t now_ = 0;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, std::pair<std::uint64_t, Callback>> timers_;
};

}  // namespace hearth::homed
