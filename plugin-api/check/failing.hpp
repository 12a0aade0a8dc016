// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tap.hpp"

namespace hearth::check {

/// Services whose failure a plugin has to survive; the others have no way to say that they failed.
inline bool can_fail(std::string_view service) {
    return service == "note" || service.find('.') != std::string_view::npos;
}

/// Lets the k-th call of a service that can fail fail; remembers which one it was.
struct Failing {
    std::uint32_t at = 0;
    std::uint32_t seen = 0;
    std::string which;

    void install() {
        Tap::instance().before = [this](std::string_view service) {
            if (!can_fail(service)) return false;
            if (++seen != at) return false;
            which = service;
            return true;
        };
    }
    static void uninstall() { Tap::instance().before = nullptr; }
};

}  // namespace hearth::check
