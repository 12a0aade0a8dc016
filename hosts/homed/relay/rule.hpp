// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string_view>

#include "hosts/homed/bus/action.hpp"

namespace hearth::homed {

/// Who may have a verb of our own clients: the same as of the method of org.freedesktop.home1 that
/// does it.
struct Rule {
    std::string_view verb;
    Action action = Action::root_only;
    /// The owner of the home may, without asking anybody.
    bool owner_may = false;
    /// Is it about a home that is known here?
    bool needs_home = true;
    /// Its secret is all that protects the home.
    bool anybody_may = false;
};

/// Nothing: clients have no such verb.
[[nodiscard]] std::optional<Rule> find_rule(std::string_view verb);

}  // namespace hearth::homed
