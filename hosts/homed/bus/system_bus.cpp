// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/system_bus.hpp"

#include <utility>

#include "hosts/homed/bus/home_table.hpp"
#include "hosts/homed/bus/log_control.hpp"
#include "hosts/homed/bus/manager_table.hpp"
#include "hosts/homed/bus/paths.hpp"
#include "hosts/homed/bus/root_methods.hpp"

namespace hearth::homed {

namespace {

Result<void> published(int result) {
    if (result >= 0) return ok();
    return Error(Code::internal, "bus-publish", "The service cannot offer its objects on the bus.")
        .sys(-result);
}

}  // namespace

SystemBus::SystemBus(Connection connection, Publisher::Log log)
    : access_(senders_), publisher_(std::move(log)), connection_(std::move(connection)) {}

Result<std::unique_ptr<SystemBus>> SystemBus::connect(sd_event* event, Publisher::Log log) {
    HEARTH_TRY(connection, Connection::open_system());
    HEARTH_CHECK(connection.attach(event, SD_EVENT_PRIORITY_NORMAL));
    return std::unique_ptr<SystemBus>(new SystemBus(std::move(connection), std::move(log)));
}

Result<void> SystemBus::serve(service::Service& service) {
    context_ = std::make_unique<Context>(Context{service, senders_, access_, log_});
    HEARTH_CHECK(add_objects());
    publisher_.begin(bus(), service);
    return ok();
}

Result<void> SystemBus::add_objects() {
    const auto next = [this] { return slots_.emplace_back().receive(); };
    Context* const context = context_.get();
    HEARTH_CHECK(published(sd_bus_add_filter(bus(), next(), serve_root_methods, context)));
    HEARTH_CHECK(published(sd_bus_add_object_vtable(bus(), next(), kManagerPath, kManagerInterface,
                                                    manager_table(), context)));
    HEARTH_CHECK(published(sd_bus_add_fallback_vtable(bus(), next(), kHomesPath, kHomeInterface,
                                                      home_table(), find_home, context)));
    HEARTH_CHECK(
        published(sd_bus_add_node_enumerator(bus(), next(), kHomesPath, enumerate_homes, context)));
    HEARTH_CHECK(published(sd_bus_add_object_manager(bus(), next(), kHomesPath)));
    return published(sd_bus_add_object_vtable(bus(), next(), kLogControlPath, kLogControlInterface,
                                              log_control_table(), &log_));
}

Result<void> SystemBus::announce() {
    return connection_.take_name(kBusName);
}

}  // namespace hearth::homed
