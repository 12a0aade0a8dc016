// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

namespace hearth::homed {

inline constexpr const char* kLogControlPath = "/org/freedesktop/LogControl1";
inline constexpr const char* kLogControlInterface = "org.freedesktop.LogControl1";

/// What `systemctl service-log-level` talks to. Its userdata is a LogSettings.
[[nodiscard]] const sd_bus_vtable* log_control_table();

}  // namespace hearth::homed
