// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "core/service/service.hpp"
#include "hosts/homed/bus/access.hpp"
#include "hosts/homed/bus/connection.hpp"
#include "hosts/homed/bus/context.hpp"
#include "hosts/homed/bus/log_settings.hpp"
#include "hosts/homed/bus/publisher.hpp"
#include "hosts/homed/bus/senders.hpp"
#include "hosts/homed/bus/slot.hpp"

namespace hearth::homed {

/// The service on the system bus, as org.freedesktop.home1.
///
/// Made in three steps, because the service wants somebody who listens before it is there itself:
/// connect(), serve(), announce().
class SystemBus {
  public:
    /// Connects, and lets the event loop (borrowed) do the work. `log` gets what is for the log.
    /// Errors: bus-connect.
    static Result<std::unique_ptr<SystemBus>> connect(sd_event* event, Publisher::Log log);
    SystemBus(const SystemBus&) = delete;
    SystemBus& operator=(const SystemBus&) = delete;
    ~SystemBus() = default;

    /// For the service.
    [[nodiscard]] service::Events& events() { return publisher_; }
    /// Offers the homes of the service (borrowed), which has been started. Errors: bus-publish.
    Result<void> serve(service::Service& service);
    /// Takes the well-known name: from here on calls come in. Errors: bus-name.
    Result<void> announce();

    // For objects that others put on the bus.
    [[nodiscard]] sd_bus* bus() const { return connection_.get(); }
    [[nodiscard]] Access& access() { return access_; }
    [[nodiscard]] Senders& senders() { return senders_; }
    [[nodiscard]] LogSettings& log() { return log_; }

  private:
    SystemBus(Connection connection, Publisher::Log log);
    Result<void> add_objects();

    Senders senders_;
    Access access_;
    LogSettings log_;
    Publisher publisher_;
    std::unique_ptr<Context> context_;
    /// Before the slots: they must go first.
    Connection connection_;
    std::vector<Slot> slots_;
};

}  // namespace hearth::homed
