// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/plugin/manifest.hpp"

namespace hearth::plugin {

/// Are the devices there that a plugin needs? They are opened, because a node in /dev may have no
/// driver behind it. Names with a star are of devices that come and go, and are not looked for.
[[nodiscard]] bool has_devices(const Needs& needs);

}  // namespace hearth::plugin
