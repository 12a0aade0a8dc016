// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/rule.hpp"

#include <algorithm>
#include <array>

namespace hearth::homed {

namespace {

constexpr std::array kRules = {
    Rule{.verb = "acquire", .anybody_may = true},
    Rule{.verb = "activate", .action = Action::activate_home, .owner_may = true},
    Rule{.verb = "adopt", .action = Action::create_home, .needs_home = false},
    Rule{.verb = "authenticate", .action = Action::authenticate_home, .owner_may = true},
    Rule{.verb = "create", .action = Action::create_home, .needs_home = false},
    Rule{.verb = "deactivate"},
    Rule{.verb = "fixate"},
    Rule{.verb = "lock"},
    Rule{.verb = "passwd", .action = Action::passwd_home, .owner_may = true},
    Rule{.verb = "register", .action = Action::create_home, .needs_home = false},
    Rule{.verb = "remove", .action = Action::remove_home},
    Rule{.verb = "repair"},
    Rule{.verb = "resize", .action = Action::resize_home},
    Rule{.verb = "unlock"},
    Rule{.verb = "unregister", .action = Action::remove_home},
    Rule{.verb = "update", .action = Action::update_home},
};

}  // namespace

std::optional<Rule> find_rule(std::string_view verb) {
    const auto* const found = std::find_if(kRules.begin(), kRules.end(),
                                           [&](const Rule& rule) { return rule.verb == verb; });
    if (found == kRules.end()) return std::nullopt;
    return *found;
}

}  // namespace hearth::homed
