// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/plugin/manifest.hpp"

namespace hearth::operation {

/// Shuts this process in before any code of the plugin runs: it keeps what core itself needs for an
/// operation, and what the manifest asks for. For good. Errors: capability-unknown,
/// capability-drop.
Result<void> enter_sandbox(const plugin::Needs& needs);

}  // namespace hearth::operation
