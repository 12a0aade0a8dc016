// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace hearth::homed {

/// What somebody may be allowed to do; the names of polkit's actions.
enum class Action {
    create_home,
    remove_home,
    authenticate_home,
    update_home,
    update_home_by_owner,
    resize_home,
    passwd_home,
    activate_home,
    manage_signing_keys,
    root_only,  ///< polkit is not asked
};

/// What polkit calls it. Null for root_only.
[[nodiscard]] const char* polkit_name(Action action);

}  // namespace hearth::homed
