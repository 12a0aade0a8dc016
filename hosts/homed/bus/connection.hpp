// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include <memory>

#include "core/base/result.hpp"

namespace hearth::homed {

/// A connection to the system bus. What waits to be sent is sent when it is destroyed.
class Connection {
  public:
    /// Errors: bus-connect.
    static Result<Connection> open_system();

    /// Lets an event loop (borrowed) do the work, at the given priority. Errors: bus-connect.
    Result<void> attach(sd_event* event, int priority);
    /// Errors: bus-name.
    Result<void> take_name(const char* name);
    [[nodiscard]] sd_bus* get() const { return bus_.get(); }

  private:
    struct Closer {
        void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
    };
    explicit Connection(sd_bus* bus) : bus_(bus) {}
    std::unique_ptr<sd_bus, Closer> bus_;
};

}  // namespace hearth::homed
