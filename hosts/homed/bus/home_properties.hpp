// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

// Getters of the interface org.freedesktop.home1.Home, for sd-bus. Their userdata is the home.

namespace hearth::homed {

int get_user_name(sd_bus* bus, const char* path, const char* interface, const char* property,
                  sd_bus_message* reply, void* home, sd_bus_error* error) noexcept;
int get_uid(sd_bus* bus, const char* path, const char* interface, const char* property,
            sd_bus_message* reply, void* home, sd_bus_error* error) noexcept;
int get_unix_record(sd_bus* bus, const char* path, const char* interface, const char* property,
                    sd_bus_message* reply, void* home, sd_bus_error* error) noexcept;
int get_state(sd_bus* bus, const char* path, const char* interface, const char* property,
              sd_bus_message* reply, void* home, sd_bus_error* error) noexcept;
/// With all that the reader may see; in signals what everybody may see.
int get_user_record(sd_bus* bus, const char* path, const char* interface, const char* property,
                    sd_bus_message* reply, void* home, sd_bus_error* error) noexcept;

}  // namespace hearth::homed
