// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/connection.hpp"

#include <cerrno>
#include <string>

namespace hearth::homed {

namespace {

constexpr const char* kInstallPolicy =
    "Let the bus read the policy that came with this program: link "
    "PREFIX/share/dbus-1/system.d/org.freedesktop.home1.conf to /etc/dbus-1/system.d.";

}  // namespace

Result<Connection> Connection::open_system() {
    sd_bus* bus = nullptr;
    if (const int r = sd_bus_open_system_with_description(&bus, "hearthd"); r < 0)
        return Error(Code::io, "bus-connect", "The system bus cannot be reached.").sys(-r);
    return Connection(bus);
}

Result<void> Connection::attach(sd_event* event, int priority) {
    // Nobody could ask for anything any more; whoever started the service starts it again.
    sd_bus_set_exit_on_disconnect(get(), 1);
    if (const int r = sd_bus_attach_event(get(), event, priority); r < 0)
        return Error(Code::internal, "bus-connect", "The event loop did not take the system bus.")
            .sys(-r);
    return ok();
}

Result<void> Connection::take_name(const char* name) {
    const int r = sd_bus_request_name(get(), name, 0);
    if (r >= 0) return ok();
    const bool forbidden = r == -EACCES || r == -EPERM;
    return Error(Code::io, "bus-name", "The service did not get its name on the bus.")
        .sys(-r)
        .hint(forbidden ? kInstallPolicy
                        : "Stop whatever else offers the name " + std::string(name) +
                              ", systemd-homed for one.");
}

}  // namespace hearth::homed
