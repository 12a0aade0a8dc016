// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <string>

#include "core/base/error.hpp"

namespace hearth::homed {

/// The name that clients of org.freedesktop.home1 know this error by. The only place that knows
/// these names. Never null.
[[nodiscard]] const char* bus_error_name(const Error& error);

/// What happened, why, and what to do about it, one after the other.
[[nodiscard]] std::string bus_error_message(const Error& error);

/// Both, for sd-bus. Gives a negative errno, as callbacks of sd-bus do.
int set_bus_error(sd_bus_error* target, const Error& error) noexcept;

}  // namespace hearth::homed
