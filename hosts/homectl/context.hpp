// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/client/homes.hpp"
#include "core/home/root.hpp"
#include "hosts/homectl/options/option_set.hpp"
#include "hosts/homectl/options/settings.hpp"

namespace hearth::homectl {

class PasswordSource;

/// What every verb gets: the command line, where to work, and where passwords come from.
struct Context {
    const Invocation& invocation;
    const home::Root& root;
    const OptionSet& options;
    PasswordSource& passwords;
    /// Null for the verbs that have nothing to do with homes.
    client::Homes* known_homes = nullptr;

    [[nodiscard]] client::Homes& homes() const { return *known_homes; }
    [[nodiscard]] const Settings& settings() const { return invocation.settings; }
    [[nodiscard]] const std::vector<std::string>& arguments() const { return invocation.arguments; }
};

}  // namespace hearth::homectl
