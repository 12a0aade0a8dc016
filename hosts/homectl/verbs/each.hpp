// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/client/homes.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

/// Does something for each of several arguments. A failure is reported and does not stop the
/// others.
ExitStatus for_each_argument(const std::vector<std::string>& arguments,
                             const std::function<Result<void>(const std::string&)>& act);

/// Does something with all homes, and says what became of each as far as that is known.
using OnAll = Result<void> (client::Homes::*)(worker::Observer&, const client::Homes::Each&);
Result<ExitStatus> run_on_all(const Context& context, OnAll act, const std::string& done);

/// A home that the command line names and that is going to be opened. Refuses one that is locked
/// before anybody is asked for a password that would not help. Errors: home-unknown, home-locked.
Result<client::Known> find_unlocked(const Context& context, const std::string& name);

[[nodiscard]] bool is_locked(const client::Known& home);

/// The user of a home that something was done with: as it is known there, or as it was typed.
[[nodiscard]] std::string user_of(const worker::Reply& reply, const std::string& typed);

}  // namespace hearth::homectl
