// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>

#include "core/base/result.hpp"
#include "hosts/homed/bus/message.hpp"

namespace hearth::homed {

/// Gets the reply, which may be an error of the bus.
using Replied = std::function<void(sd_bus_message* reply)>;

/// Sends a call to somebody else on the bus without waiting for the answer. `timeout_usec`: 0 is
/// the usual one, UINT64_MAX none. Forgotten without a word when the connection ends.
/// Errors: bus-send.
Result<void> call_async(sd_bus* bus, const Message& call, std::uint64_t timeout_usec, Replied then);

}  // namespace hearth::homed
