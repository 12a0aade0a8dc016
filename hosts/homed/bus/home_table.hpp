// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

namespace hearth::homed {

/// The interface org.freedesktop.home1.Home, registered for all paths below kHomesPath with a
/// Context as userdata; find_home() finds the home.
[[nodiscard]] const sd_bus_vtable* home_table();

/// For sd-bus: the home that a path names by user name, user@realm, alias or UID.
int find_home(sd_bus* bus, const char* path, const char* interface, void* context, void** found,
              sd_bus_error* error) noexcept;

/// For sd-bus: the paths of all homes.
int enumerate_homes(sd_bus* bus, const char* prefix, void* context, char*** nodes,
                    sd_bus_error* error) noexcept;

}  // namespace hearth::homed
