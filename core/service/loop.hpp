// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace hearth::service {

/// The event loop of the host, as far as the service needs one. One thread; every callback comes
/// from the loop, never from inside the call that set it up.
class Loop {
  public:
    /// Something that is watched until this is destroyed. Destroying it inside its own callback is
    /// allowed.
    class Handle {
      public:
        Handle() = default;
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        virtual ~Handle() = default;
    };
    using Callback = std::function<void()>;

    Loop() = default;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    virtual ~Loop() = default;

    /// Called as long as the fd is readable or its other end is gone. Borrows the fd: it is closed
    /// after the handle is destroyed, not before.
    [[nodiscard]] virtual std::unique_ptr<Handle> watch(int fd, Callback callback) = 0;
    /// The same, before any other event of that round: what ends a reference must be seen before
    /// the next call of a client.
    [[nodiscard]] virtual std::unique_ptr<Handle> watch_first(int fd, Callback callback) = 0;
    /// Called as long as something can be written to the fd, or its other end is gone. One watch at
    /// a time for each fd.
    [[nodiscard]] virtual std::unique_ptr<Handle> watch_writable(int fd, Callback callback) = 0;
    /// Called once, so many microseconds from now.
    [[nodiscard]] virtual std::unique_ptr<Handle> after(std::uint64_t usec, Callback callback) = 0;
    /// Called once, when nothing else is to be done.
    [[nodiscard]] virtual std::unique_ptr<Handle> when_idle(Callback callback) = 0;
};

}  // namespace hearth::service
