// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::system {

/// Device nodes that may be opened.
struct DeviceRule {
    bool block = false;
    std::optional<std::uint32_t> major{};  ///< nothing: any
    std::optional<std::uint32_t> minor{};  ///< nothing: any
};

/// The nodes that a path, which may be a pattern as the shell's, stands for now.
[[nodiscard]] std::vector<DeviceRule> rules_for(const std::string& path);

/// From now on processes in this cgroup (its folder, open) can open no device nodes but these,
/// wherever the nodes lie, and mount no file systems on others. What is open stays open. Needs
/// CAP_SYS_ADMIN. Errors: device-filter.
Result<void> allow_only(int group, const std::vector<DeviceRule>& rules);

}  // namespace hearth::system
