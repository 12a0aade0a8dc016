// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/base/result.hpp"
#include "core/service/loop.hpp"

struct sd_event;

namespace hearth::homed {

/// The service's loop over sd-event. What a callback throws ends that one source, with a line on
/// standard error: a program error in one corner does not take everybody's homes along.
///
/// Watches throw std::system_error where the kernel refuses the fd, which is a program error.
class EventLoop final : public service::Loop {
  public:
    /// Errors: event-loop.
    static Result<std::unique_ptr<EventLoop>> open();
    ~EventLoop() override;

    [[nodiscard]] std::unique_ptr<Handle> watch(int fd, Callback callback) override;
    [[nodiscard]] std::unique_ptr<Handle> watch_first(int fd, Callback callback) override;
    [[nodiscard]] std::unique_ptr<Handle> watch_writable(int fd, Callback callback) override;
    [[nodiscard]] std::unique_ptr<Handle> after(std::uint64_t usec, Callback callback) override;
    [[nodiscard]] std::unique_ptr<Handle> when_idle(Callback callback) override;
    /// Called whenever the signal arrives. Blocks it for this thread and what it starts.
    [[nodiscard]] std::unique_ptr<Handle> on_signal(int signal, Callback callback);

    /// Until stop(). Errors: event-loop, bus-lost.
    Result<void> run();
    /// Ends run() after this round.
    void stop();
    /// One round, waiting at most so long. True: something was done. For tests.
    Result<bool> turn(std::uint64_t usec);

    /// For libraries that bring their own sources.
    [[nodiscard]] sd_event* event() const { return event_; }

  private:
    explicit EventLoop(sd_event* event) : event_(event) {}
    std::unique_ptr<Handle> watch_events(int fd, std::uint32_t events, int priority,
                                         Callback callback);

    sd_event* event_;
};

}  // namespace hearth::homed
