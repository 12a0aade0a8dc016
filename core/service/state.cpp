// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/state.hpp"

#include <array>

namespace hearth::service {

namespace {

constexpr std::array<std::string_view, 27> kTexts = {
    "unfixated",
    "absent",
    "inactive",
    "dirty",
    "active",
    "lingering",
    "locked",
    "fixating",
    "fixating-for-activation",
    "fixating-for-acquire",
    "activating",
    "activating-for-acquire",
    "deactivating",
    "locking",
    "unlocking",
    "unlocking-for-acquire",
    "creating",
    "removing",
    "updating",
    "updating-while-active",
    "resizing",
    "resizing-while-active",
    "passwd",
    "passwd-while-active",
    "authenticating",
    "authenticating-while-active",
    "authenticating-for-acquire",
};

}  // namespace

std::string_view to_text(State state) {
    return kTexts.at(static_cast<std::size_t>(state));
}

bool is_busy(State state) {
    return state > State::locked;
}

bool is_active(State state) {
    switch (state) {
        case State::active:
        case State::lingering:
        case State::updating_while_active:
        case State::resizing_while_active:
        case State::passwd_while_active:
        case State::authenticating_while_active:
        case State::authenticating_for_acquire:
            return true;
        default:
            return false;
    }
}

}  // namespace hearth::service
