// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/machine_watch.hpp"

#include <fcntl.h>

#include "hosts/homed/bus/async_call.hpp"
#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

constexpr const char* kLogind = "org.freedesktop.login1";
constexpr const char* kPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";

bool flag_of(sd_bus_message* message) {
    int on = 0;
    return sd_bus_message_read_basic(message, 'b', &on) > 0 && on != 0;
}

Error unheard(int result) {
    return Error(Code::io, "bus-send", "A message could not be sent on the system bus.")
        .sys(-result);
}

}  // namespace

Result<void> MachineWatch::start() {
    int r = sd_bus_match_signal_async(bus_, sleep_.receive(), kLogind, kPath, kManager,
                                      "PrepareForSleep", on_sleep, nullptr, this);
    if (r >= 0)
        r = sd_bus_match_signal_async(bus_, stop_.receive(), kLogind, kPath, kManager,
                                      "PrepareForShutdown", on_stop, nullptr, this);
    if (r >= 0)
        r = sd_bus_add_match_async(bus_, logind_.receive(),
                                   "type='signal',sender='org.freedesktop.DBus',"
                                   "path='/org/freedesktop/DBus',"
                                   "interface='org.freedesktop.DBus',member='NameOwnerChanged',"
                                   "arg0='org.freedesktop.login1'",
                                   on_logind, nullptr, this);
    if (r < 0) return unheard(r);
    ask_to_wait();
    return ok();
}

/// Where logind does not run there is nobody who would wait.
void MachineWatch::ask_to_wait() {
    Message call;
    int r =
        sd_bus_message_new_method_call(bus_, call.receive(), kLogind, kPath, kManager, "Inhibit");
    if (r >= 0)
        r = sd_bus_message_append(call.get(), "ssss", "sleep", "Hearth",
                                  "Home directories are being locked", "delay");
    if (r >= 0) r = sd_bus_message_set_auto_start(call.get(), 0);
    if (r < 0) return;
    (void)call_async(bus_, call, 0, [this](sd_bus_message* reply) {
        int fd = -1;
        if (sd_bus_message_is_method_error(reply, nullptr) == 0 &&
            sd_bus_message_read_basic(reply, 'h', &fd) > 0)
            delay_.reset(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    });
}

void MachineWatch::before_sleep() {
    service_.lock_all([this](const Result<worker::Reply>& /*result*/) { delay_.reset(); });
}

int MachineWatch::on_sleep(sd_bus_message* message, void* self, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        auto& watch = *static_cast<MachineWatch*>(self);
        const bool sleeps = flag_of(message);
        watch.service_.hold_division(sleeps);
        if (sleeps)
            watch.before_sleep();
        else
            watch.ask_to_wait();
        return 0;
    });
}

int MachineWatch::on_stop(sd_bus_message* message, void* self, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        static_cast<MachineWatch*>(self)->service_.machine_ends(flag_of(message));
        return 0;
    });
}

int MachineWatch::on_logind(sd_bus_message* message, void* self, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const char* owner = nullptr;
        if (sd_bus_message_read(message, "sss", nullptr, nullptr, &owner) > 0 && *owner != '\0')
            static_cast<MachineWatch*>(self)->ask_to_wait();
        return 0;
    });
}

}  // namespace hearth::homed
