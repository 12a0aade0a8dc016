// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "hosts/homectl/context.hpp"

namespace hearth::homectl {

/// The name of the user who called: the owner of the login session where sudo was used. Errors:
/// own-user-unknown.
Result<std::string> own_user();

/// The users that the command line names, or the caller if it names none. Errors: own-user-unknown.
Result<std::vector<std::string>> users_or_own(const Context& context);

}  // namespace hearth::homectl
