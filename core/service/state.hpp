// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <string_view>

namespace hearth::service {

/// What a home is, or what is being done with it, in the words of the bus (spec of
/// org.freedesktop.home1). The first seven are states of rest, the others last as long as an
/// operation.
enum class State {
    unfixated,
    absent,
    inactive,
    dirty,
    active,
    lingering,
    locked,
    fixating,
    fixating_for_activation,
    fixating_for_acquire,
    activating,
    activating_for_acquire,
    deactivating,
    locking,
    unlocking,
    unlocking_for_acquire,
    creating,
    removing,
    updating,
    updating_while_active,
    resizing,
    resizing_while_active,
    passwd,
    passwd_while_active,
    authenticating,
    authenticating_while_active,
    authenticating_for_acquire,
};

/// Those that last, however long nothing is done.
inline constexpr std::array kRestingStates = {State::unfixated, State::absent, State::inactive,
                                              State::dirty,     State::active, State::lingering,
                                              State::locked};

[[nodiscard]] std::string_view to_text(State state);
/// Is an operation running?
[[nodiscard]] bool is_busy(State state);
/// Are the home's files in their place and readable?
[[nodiscard]] bool is_active(State state);

}  // namespace hearth::service
