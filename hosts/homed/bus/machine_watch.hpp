// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include "core/base/unique_fd.hpp"
#include "core/service/service.hpp"
#include "hosts/homed/bus/slot.hpp"

namespace hearth::homed {

/// Hears from logind, where it runs, that the machine is going to sleep or to stop. Before it
/// sleeps, homes whose users asked for that are locked; logind waits for it, for a while.
class MachineWatch {
  public:
    /// Borrows both.
    MachineWatch(service::Service& service, sd_bus* bus) : service_(service), bus_(bus) {}
    MachineWatch(const MachineWatch&) = delete;
    MachineWatch& operator=(const MachineWatch&) = delete;

    /// Without logind nothing is heard, and it is asked again when it appears. Errors: bus-send.
    Result<void> start();

  private:
    static int on_sleep(sd_bus_message* message, void* self, sd_bus_error* error) noexcept;
    static int on_stop(sd_bus_message* message, void* self, sd_bus_error* error) noexcept;
    static int on_logind(sd_bus_message* message, void* self, sd_bus_error* error) noexcept;
    void ask_to_wait();
    void before_sleep();

    service::Service& service_;
    sd_bus* bus_;
    Slot sleep_, stop_, logind_;
    /// As long as it is open, logind waits.
    UniqueFd delay_;
};

}  // namespace hearth::homed
