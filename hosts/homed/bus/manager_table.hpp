// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

namespace hearth::homed {

/// The interface org.freedesktop.home1.Manager. Its userdata is a Context.
[[nodiscard]] const sd_bus_vtable* manager_table();

}  // namespace hearth::homed
