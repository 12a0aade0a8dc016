// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/home_properties.hpp"

#include "hosts/homed/bus/context.hpp"
#include "hosts/homed/bus/message.hpp"
#include "hosts/homed/bus/read_methods.hpp"
#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

const service::Home& as_home(void* userdata) {
    return *static_cast<const service::Home*>(userdata);
}

/// Who reads the property. A signal is for everybody, whatever else is going on.
bool reader_is_trusted(sd_bus* bus, sd_bus_message* reply, const service::Home& home) {
    std::uint8_t type = 0;
    if (sd_bus_message_get_type(reply, &type) < 0 || type != SD_BUS_MESSAGE_METHOD_RETURN)
        return false;
    auto& context = *static_cast<Context*>(sd_bus_slot_get_userdata(sd_bus_get_current_slot(bus)));
    const auto reader = context.senders.ask_now(sd_bus_get_current_message(bus));
    return reader && is_trusted(*reader, home);
}

}  // namespace

int get_user_name(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
                  const char* /*property*/, sd_bus_message* reply, void* home,
                  sd_bus_error* /*error*/) noexcept {
    return sd_bus_message_append(reply, "s", as_home(home).user_name().c_str());
}

int get_uid(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
            const char* /*property*/, sd_bus_message* reply, void* home,
            sd_bus_error* /*error*/) noexcept {
    return sd_bus_message_append(reply, "u", std::uint32_t{as_home(home).uid()});
}

int get_unix_record(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
                    const char* /*property*/, sd_bus_message* reply, void* userdata,
                    sd_bus_error* /*error*/) noexcept {
    const service::Home& home = as_home(userdata);
    const std::uint32_t uid = home.uid();
    return sd_bus_message_append(reply, "(suusss)", home.user_name().c_str(), uid, uid,
                                 home.real_name().c_str(), home.home_directory().c_str(),
                                 home.shell().c_str());
}

int get_state(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
              const char* /*property*/, sd_bus_message* reply, void* home,
              sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const std::string state(service::to_text(as_home(home).state()));
        return sd_bus_message_append(reply, "s", state.c_str());
    });
}

int get_user_record(sd_bus* bus, const char* /*path*/, const char* /*interface*/,
                    const char* /*property*/, sd_bus_message* reply, void* userdata,
                    sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const service::Home& home = as_home(userdata);
        const service::Shown shown = home.shown(reader_is_trusted(bus, reply, home));
        return sd_bus_message_append(reply, "(sb)", shown.json.c_str(), int{shown.incomplete});
    });
}

}  // namespace hearth::homed
