// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/loop.hpp"

#include <sys/epoll.h>
#include <systemd/sd-event.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <system_error>
#include <utility>

namespace hearth::homed {

namespace {

/// How late a timer may be, so that several wake the machine once.
constexpr std::uint64_t kAccuracyUsec = 1000;

/// Throws for what only a program error or a kernel out of memory can cause.
void require(int result, const char* what) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), what);
}

class Source final : public service::Loop::Handle {
  public:
    explicit Source(service::Loop::Callback callback)
        : callback_(std::make_shared<service::Loop::Callback>(std::move(callback))) {}
    ~Source() override { sd_event_source_disable_unref(source_); }

    /// Calls and returns what sd-event wants to hear. The callback may destroy this object, so it
    /// is kept by a reference of its own.
    int call() noexcept {
        const auto callback = callback_;
        try {
            (*callback)();
            return 0;
        } catch (const std::exception& problem) {
            static_cast<void>(
                std::fprintf(stderr, "An event could not be handled: %s\n", problem.what()));
        } catch (...) {
            static_cast<void>(std::fputs("An event could not be handled.\n", stderr));
        }
        return -EIO;
    }

    /// For the calls that make it.
    sd_event_source** place() { return &source_; }
    void set_priority(std::int64_t priority) {
        require(sd_event_source_set_priority(source_, priority), "priority");
    }

  private:
    sd_event_source* source_ = nullptr;
    std::shared_ptr<service::Loop::Callback> callback_;
};

int on_io(sd_event_source*, int, std::uint32_t, void* data) noexcept {
    return static_cast<Source*>(data)->call();
}

int on_time(sd_event_source*, std::uint64_t, void* data) noexcept {
    return static_cast<Source*>(data)->call();
}

int on_idle(sd_event_source*, void* data) noexcept {
    return static_cast<Source*>(data)->call();
}

int on_signal_arrived(sd_event_source*, const signalfd_siginfo*, void* data) noexcept {
    return static_cast<Source*>(data)->call();
}

Error loop_error(int result) {
    return Error(Code::internal, "event-loop", "The service's event loop failed.").sys(-result);
}

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::open() {
    sd_event* event = nullptr;
    if (const int result = sd_event_new(&event); result < 0) return loop_error(result);
    return std::unique_ptr<EventLoop>(new EventLoop(event));
}

EventLoop::~EventLoop() {
    sd_event_unref(event_);
}

std::unique_ptr<EventLoop::Handle> EventLoop::watch_events(int fd, std::uint32_t events,
                                                           int priority, Callback callback) {
    auto handle = std::make_unique<Source>(std::move(callback));
    require(sd_event_add_io(event_, handle->place(), fd, events, on_io, handle.get()), "watch");
    handle->set_priority(priority);
    return handle;
}

std::unique_ptr<EventLoop::Handle> EventLoop::watch(int fd, Callback callback) {
    return watch_events(fd, EPOLLIN, SD_EVENT_PRIORITY_NORMAL, std::move(callback));
}

std::unique_ptr<EventLoop::Handle> EventLoop::watch_first(int fd, Callback callback) {
    return watch_events(fd, EPOLLIN, SD_EVENT_PRIORITY_IMPORTANT, std::move(callback));
}

std::unique_ptr<EventLoop::Handle> EventLoop::watch_writable(int fd, Callback callback) {
    return watch_events(fd, EPOLLOUT, SD_EVENT_PRIORITY_NORMAL, std::move(callback));
}

std::unique_ptr<EventLoop::Handle> EventLoop::after(std::uint64_t usec, Callback callback) {
    auto handle = std::make_unique<Source>(std::move(callback));
    require(sd_event_add_time_relative(event_, handle->place(), CLOCK_MONOTONIC, usec,
                                       kAccuracyUsec, on_time, handle.get()),
            "timer");
    return handle;
}

std::unique_ptr<EventLoop::Handle> EventLoop::when_idle(Callback callback) {
    auto handle = std::make_unique<Source>(std::move(callback));
    require(sd_event_add_defer(event_, handle->place(), on_idle, handle.get()), "idle");
    handle->set_priority(SD_EVENT_PRIORITY_IDLE);
    return handle;
}

std::unique_ptr<EventLoop::Handle> EventLoop::on_signal(int signal, Callback callback) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    require(-::pthread_sigmask(SIG_BLOCK, &set, nullptr), "signal mask");
    auto handle = std::make_unique<Source>(std::move(callback));
    require(sd_event_add_signal(event_, handle->place(), signal, on_signal_arrived, handle.get()),
            "signal");
    return handle;
}

Result<void> EventLoop::run() {
    const int result = sd_event_loop(event_);
    if (result < 0) return loop_error(result);
    if (result == 0) return ok();
    // Nothing but the library of the bus asks for another end than ours.
    return Error(Code::io, "bus-lost", "The connection to the system bus was lost.")
        .hint("Start the service again when the bus is there. Homes stay as they are.");
}

void EventLoop::stop() {
    sd_event_exit(event_, 0);
}

Result<bool> EventLoop::turn(std::uint64_t usec) {
    const int result = sd_event_run(event_, usec);
    if (result < 0) return loop_error(result);
    return result > 0;
}

}  // namespace hearth::homed
