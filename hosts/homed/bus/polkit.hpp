// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "hosts/homed/bus/action.hpp"

namespace hearth::homed {

/// What polkit's dialogue may show beside the action.
using PolkitDetails = std::vector<std::pair<std::string, std::string>>;

/// Asks polkit whether the sender of the call may do that. Waits for people as long as they take,
/// if the call allows that they are asked. Errors: access-denied (also where no polkit runs),
/// polkit-interaction (the answer would be found by asking a person, and the call does not want
/// that), bus-send.
void ask_polkit(sd_bus_message* call, Action action, const PolkitDetails& details,
                std::function<void(Result<void>)> then);

}  // namespace hearth::homed
