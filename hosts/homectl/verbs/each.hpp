// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/home/state.hpp"
#include "core/home/store.hpp"
#include "core/worker/client.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

/// Does something for each of several arguments. A failure is reported and does not stop the
/// others.
ExitStatus for_each_argument(const std::vector<std::string>& arguments,
                             const std::function<Result<void>(const std::string&)>& act);

/// The record of a user whom the command line names.
Result<record::UserRecord> find_record(const Context& context, const std::string& name);

/// What the home is now.
Result<home::State> state_now(const Context& context, const record::UserRecord& record);

/// Before anybody is asked for a password that would not help. Errors: home-locked.
Result<void> require_unlocked(const Context& context, const record::UserRecord& record);

/// A request without passwords.
worker::Request plain_request(std::string verb, std::string subject);

}  // namespace hearth::homectl
