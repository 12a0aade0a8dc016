// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <poll.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/service/loop.hpp"

namespace hearth::service {

/// The smallest loop that works: what is readable is called in turn, timers when a test says so.
class PollLoop final : public Loop {
  public:
    std::unique_ptr<Handle> watch(int fd, Callback callback) override {
        return add(fd, 0, std::move(callback));
    }
    std::unique_ptr<Handle> watch_first(int fd, Callback callback) override {
        return add(fd, 0, std::move(callback));
    }
    std::unique_ptr<Handle> watch_writable(int /*fd*/, Callback callback) override {
        return add(-1, 0, std::move(callback));
    }
    std::unique_ptr<Handle> after(std::uint64_t usec, Callback callback) override {
        return add(-1, usec, std::move(callback));
    }
    std::unique_ptr<Handle> when_idle(Callback callback) override {
        return add(-1, 0, std::move(callback));
    }

    /// Calls whatever is readable within so many milliseconds; false: nothing was.
    bool turn(int milliseconds = 0) {
        std::vector<pollfd> fds;
        std::vector<std::shared_ptr<Entry>> entries;
        for (const auto& entry : entries_)
            if (entry->fd >= 0) {
                fds.push_back({entry->fd, POLLIN, 0});
                entries.push_back(entry);
            }
        if (::poll(fds.data(), fds.size(), milliseconds) <= 0) return false;
        for (std::size_t i = 0; i < fds.size(); ++i)
            if (fds[i].revents != 0 && entries[i]->callback) call(entries[i]);
        return true;
    }
    /// Lets time pass: calls the timers that are due within so many microseconds.
    void pass(std::uint64_t usec) {
        const auto entries = entries_;
        for (const auto& entry : entries)
            if (entry->fd < 0 && entry->usec <= usec && entry->callback) {
                const Callback once = std::move(entry->callback);
                entry->callback = nullptr;
                once();
            }
    }
    [[nodiscard]] std::size_t watched() const { return entries_.size(); }

  private:
    struct Entry {
        int fd;
        std::uint64_t usec;
        Callback callback;
    };
    class Held final : public Handle {
      public:
        Held(PollLoop& loop, std::shared_ptr<Entry> entry)
            : loop_(loop), entry_(std::move(entry)) {}
        ~Held() override {
            entry_->callback = nullptr;
            std::erase(loop_.entries_, entry_);
        }

      private:
        PollLoop& loop_;
        std::shared_ptr<Entry> entry_;
    };
    static void call(const std::shared_ptr<Entry>& entry) {
        const Callback callback = entry->callback;
        callback();
    }
    std::unique_ptr<Handle> add(int fd, std::uint64_t usec, Callback callback) {
        entries_.push_back(std::make_shared<Entry>(Entry{fd, usec, std::move(callback)}));
        return std::make_unique<Held>(*this, entries_.back());
    }

    std::vector<std::shared_ptr<Entry>> entries_;
};

}  // namespace hearth::service
