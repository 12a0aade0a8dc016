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

/// Gives up those outside `keep` in the calling thread; programs that it executes have them no more
/// either, if it has no_new_privs. Makes nothing but system calls. False: errno tells why.
bool limit_capabilities(Capabilities keep);

/// Lets the calling thread use those of `wanted` that the process has, and no others until it is
/// called again. Returns what it could use before.
Capabilities use_capabilities(Capabilities wanted);

}  // namespace hearth::system
