// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace hearth::client {

/// service-unreachable: why nobody can be asked.
[[nodiscard]] Error unreachable(std::string why);

/// The error that the service or the bus answered with, by its D-Bus name: "access-denied",
/// "home-unknown" and the like where a program wants to know, and "service-refused" with the
/// service's own words otherwise.
[[nodiscard]] Error error_of_bus(std::string_view name, std::string_view text);

}  // namespace hearth::client
