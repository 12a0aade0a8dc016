// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

namespace hearth::homed {

/// A filter for sd-bus, whose userdata is a Context: serves the methods that only root may call,
/// which are those of the tables that are not marked as open to others.
///
/// sd-bus would ask the bus who calls, and wait for the answer. The bus may be waiting for us at
/// that moment, by way of nss-systemd. The methods ask for themselves, without waiting.
int serve_root_methods(sd_bus_message* message, void* context, sd_bus_error* error) noexcept;

}  // namespace hearth::homed
