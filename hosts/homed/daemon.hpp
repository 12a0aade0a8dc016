// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "core/service/service.hpp"
#include "hosts/homed/bus/machine_watch.hpp"
#include "hosts/homed/bus/system_bus.hpp"
#include "hosts/homed/device_watch.hpp"
#include "hosts/homed/home_watch.hpp"
#include "hosts/homed/loop.hpp"
#include "hosts/homed/record_watch.hpp"
#include "hosts/homed/relay/relay.hpp"
#include "hosts/homed/varlink/server.hpp"

namespace hearth::homed {

/// All of the service: made by start(), alive until run() returns.
class Daemon {
  public:
    /// Errors: event-loop, machine-id-*, store-unreadable, varlink-socket-*, and those of the bus.
    static Result<std::unique_ptr<Daemon>> start();

    /// Serves until SIGTERM or SIGINT, and then until what runs is done. Errors: event-loop.
    Result<void> run();

  private:
    Daemon(std::unique_ptr<EventLoop> loop, std::unique_ptr<SystemBus> bus,
           record::Machine machine);
    Result<void> open();
    void watch_files();
    void drop_files_of_strangers();
    void watch_signals();
    void end();
    void end_when_done();

    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<SystemBus> bus_;
    service::Service service_;
    std::unique_ptr<Relay> relay_;
    std::unique_ptr<RecordWatch> records_;
    std::unique_ptr<HomeWatch> homes_;
    std::unique_ptr<DeviceWatch> devices_;
    std::unique_ptr<MachineWatch> machine_;
    std::unique_ptr<varlink::Server> users_;
    std::vector<std::unique_ptr<service::Loop::Handle>> signals_;
    std::unique_ptr<service::Loop::Handle> ending_;
    unsigned looks_ = 0;
};

}  // namespace hearth::homed
