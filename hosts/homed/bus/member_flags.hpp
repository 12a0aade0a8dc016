// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus-vtable.h>

#include <cstdint>

namespace hearth::homed {

/// Who may call a method. Root alone may call what is not marked kAnybody: root_methods.hpp and the
/// methods see to that.
inline constexpr std::uint64_t kRoot = 0;
inline constexpr std::uint64_t kAnybody = SD_BUS_VTABLE_UNPRIVILEGED;
/// Secrets are in its arguments, or in its answer.
inline constexpr std::uint64_t kSecret = SD_BUS_VTABLE_SENSITIVE;

}  // namespace hearth::homed
