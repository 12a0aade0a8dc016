// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/result.hpp"

namespace hearth::system {

/// A set of Linux capabilities, one bit each.
using Capabilities = std::uint64_t;

/// The kernel's names, in the order of their bits.
[[nodiscard]] std::span<const std::string_view> capability_names();

/// The bit of "CAP_CHOWN" and its kin. Errors: capability-unknown.
Result<Capabilities> parse_capability(std::string_view name);

/// Gives up, for good and for every program this process starts, all capabilities outside `keep`.
/// Errors: capability-drop.
Result<void> keep_capabilities(Capabilities keep);

}  // namespace hearth::system
