// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "hosts/homectl/output/style.hpp"

namespace hearth::homectl {

/// Of a state in the words of org.freedesktop.home1.
[[nodiscard]] inline Colour colour_of(std::string_view state) {
    if (state == "active") return Colour::green;
    if (state == "dirty" || state == "locked") return Colour::yellow;
    if (state == "absent" || state == "unfixated") return Colour::grey;
    return Colour::none;
}

}  // namespace hearth::homectl
