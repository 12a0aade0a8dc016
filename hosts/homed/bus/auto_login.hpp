// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <string>
#include <vector>

#include "core/service/service.hpp"

namespace hearth::homed {

/// Somebody who is logged in without being asked for anything, where their home is.
struct AutoLogin {
    std::string user;
    std::string seat;
    bool operator==(const AutoLogin&) const = default;
};

/// Those whose record says so and whose home is there, in the order of their names.
[[nodiscard]] std::vector<AutoLogin> auto_logins(const service::Service& service);

/// Getter of the manager's property, for sd-bus. Its userdata is a Context.
int get_auto_login(sd_bus* bus, const char* path, const char* interface, const char* property,
                   sd_bus_message* reply, void* context, sd_bus_error* error) noexcept;

}  // namespace hearth::homed
