// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/home/state.hpp"
#include "hosts/homectl/output/style.hpp"

namespace hearth::homectl {

[[nodiscard]] inline Colour colour_of(home::State state) {
    switch (state) {
        case home::State::active:
            return Colour::green;
        case home::State::dirty:
        case home::State::locked:
            return Colour::yellow;
        case home::State::absent:
            return Colour::grey;
        case home::State::inactive:
            break;
    }
    return Colour::none;
}

}  // namespace hearth::homectl
