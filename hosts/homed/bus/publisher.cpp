// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/publisher.hpp"

#include <syslog.h>

#include <utility>

#include "hosts/homed/bus/paths.hpp"

namespace hearth::homed {

namespace {

// What was at a path that leads nowhere now: what sd-bus offers everywhere, and the home itself.
int emit_removed(sd_bus* bus, const char* path) {
    return sd_bus_emit_interfaces_removed(
        bus, path, "org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable",
        "org.freedesktop.DBus.Properties", kHomeInterface, nullptr);
}

Error unsent(int result) {
    return Error(Code::io, "bus-send", "A message could not be sent on the system bus.")
        .sys(-result);
}

}  // namespace

void Publisher::on_problem(const Error& error) {
    log_({LOG_WARNING, error.one_line(), {{"HEARTH_ERROR", error.id()}}});
}

void Publisher::begin(sd_bus* bus, service::Service& service) {
    bus_ = bus;
    service_ = &service;
    for (const auto& entry : service.homes().homes()) published_.insert(entry.first);
    auto_logins_ = auto_logins(service);
}

void Publisher::touch(const std::string& user) {
    if (service_ == nullptr) return;
    touched_.insert(user);
    if (!idle_) idle_ = service_->loop().when_idle([this] { tell(); });
}

void Publisher::tell() {
    idle_.reset();
    for (const std::string& user : std::exchange(touched_, {})) tell_about(user);
    tell_auto_login();
}

void Publisher::tell_about(const std::string& user) {
    const std::string path = path_of_home(user);
    const auto home = service_->homes().homes().find(user);
    const bool is_there = home != service_->homes().homes().end();
    int r = 0;
    if (!is_there)
        r = published_.erase(user) != 0 ? emit_removed(bus_, path.c_str()) : 0;
    else if (published_.insert(user).second)
        r = sd_bus_emit_object_added(bus_, path.c_str());
    else
        r = sd_bus_emit_properties_changed_strv(bus_, path.c_str(), kHomeInterface, nullptr);
    if (r < 0) on_problem(unsent(r));
}

void Publisher::tell_auto_login() {
    auto now = auto_logins(*service_);
    if (now == auto_logins_) return;
    auto_logins_ = std::move(now);
    const int r =
        sd_bus_emit_properties_changed(bus_, kManagerPath, kManagerInterface, "AutoLogin", nullptr);
    if (r < 0) on_problem(unsent(r));
}

}  // namespace hearth::homed
