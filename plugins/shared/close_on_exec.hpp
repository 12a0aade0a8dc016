// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace hearth::shared {

/// Marks every descriptor that this process has of a device or file: some libraries open their own
/// without, and the programs that the host runs would get them. Only best effort.
void close_on_exec(const std::string& path);

}  // namespace hearth::shared
