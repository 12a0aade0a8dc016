// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <map>
#include <memory>

#include "core/service/service.hpp"
#include "hosts/homed/bus/access.hpp"
#include "hosts/homed/bus/call.hpp"
#include "hosts/homed/bus/senders.hpp"
#include "hosts/homed/bus/slot.hpp"
#include "hosts/homed/relay/session.hpp"

namespace hearth::homed {

/// What our own clients call: dev.hearth.Home1, beside the interfaces that everybody knows. A
/// client hands over one end of a socket, and the rest goes over that: see Session.
class Relay {
  public:
    /// Borrows all.
    Relay(service::Service& service, Access& access, Senders& senders)
        : service_(service), access_(access), senders_(senders) {}
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    /// Offers itself on the bus (borrowed). Errors: bus-publish.
    Result<void> start(sd_bus* bus);

  private:
    struct Entry {
        uid_t uid;
        std::shared_ptr<Session> session;
    };
    static int on_run(sd_bus_message* message, void* self, sd_bus_error* error) noexcept;
    static int on_metrics(sd_bus_message* message, void* self, sd_bus_error* error) noexcept;
    static const sd_bus_vtable* table();
    void run(const CallPtr& call);
    void accept(const CallPtr& call, uid_t uid);
    [[nodiscard]] bool has_too_many(uid_t uid) const;

    service::Service& service_;
    Access& access_;
    Senders& senders_;
    std::map<std::uint64_t, Entry> sessions_;
    std::uint64_t last_ = 0;
    Slot slot_;
};

}  // namespace hearth::homed
