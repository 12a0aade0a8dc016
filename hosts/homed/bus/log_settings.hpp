// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <syslog.h>

#include <functional>

namespace hearth::homed {

/// How much is logged: can be changed on the bus while the service runs.
struct LogSettings {
    int level = LOG_INFO;  ///< of syslog; what is less important is not logged
    /// Hears of every change; may be empty.
    std::function<void(int level)> on_level;
};

}  // namespace hearth::homed
