// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/plugin/manifest.hpp"

namespace hearth::operation {

/// Shuts this process in before any code of the plugin runs. It keeps what core itself needs for an
/// operation, and what the manifest asks for; the plugin can use the latter alone. The network
/// stays only if the manifest asks for it. In a cgroup of its own (its open folder; -1: none) only
/// the devices that the manifest names can be opened; who names one without a pattern gets all that
/// can be mounted.
/// For good. Errors: capability-unknown, capability-drop, network-leave, device-filter.
Result<void> enter_sandbox(const plugin::Needs& needs, int control_group);

}  // namespace hearth::operation
