// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <exception>
#include <new>
#include <utility>

namespace hearth::homed {

/// The edge to sd-bus, which is C: nothing is thrown over it. Gives what `body` gives, or sets
/// `error`, which may be null.
template <typename Body>
int guarded(sd_bus_error* error, Body&& body) noexcept {
    try {
        return std::forward<Body>(body)();
    } catch (const std::bad_alloc&) {
        return sd_bus_error_set_const(error, SD_BUS_ERROR_NO_MEMORY, "There is not enough memory.");
    } catch (...) {
        return sd_bus_error_set_const(error, SD_BUS_ERROR_FAILED, "The service made a mistake.");
    }
}

}  // namespace hearth::homed
