// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/abi.h>

#include <cstdint>

namespace hearth {

/// The kinds of failure that core tells apart: exactly the codes of the plugin ABI, so that none is
/// lost on the way.
enum class Code : std::int32_t {
    ok = HEARTH_OK,
    internal = HEARTH_E_INTERNAL,
    no_memory = HEARTH_E_NO_MEMORY,
    invalid_argument = HEARTH_E_INVALID_ARGUMENT,
    not_supported = HEARTH_E_NOT_SUPPORTED,
    cancelled = HEARTH_E_CANCELLED,
    io = HEARTH_E_IO,
    permission = HEARTH_E_PERMISSION,
    timeout = HEARTH_E_TIMEOUT,
    corrupt = HEARTH_E_CORRUPT,
    home_absent = HEARTH_E_HOME_ABSENT,
    home_exists = HEARTH_E_HOME_EXISTS,
    home_active = HEARTH_E_HOME_ACTIVE,
    home_not_active = HEARTH_E_HOME_NOT_ACTIVE,
    home_busy = HEARTH_E_HOME_BUSY,
    home_in_use = HEARTH_E_HOME_IN_USE,
    home_locked = HEARTH_E_HOME_LOCKED,
    home_not_locked = HEARTH_E_HOME_NOT_LOCKED,
    bad_size = HEARTH_E_BAD_SIZE,
    no_space = HEARTH_E_NO_SPACE,
    cannot_shrink = HEARTH_E_CANNOT_SHRINK,
    shrink_offline_only = HEARTH_E_SHRINK_OFFLINE_ONLY,
    backend_unavailable = HEARTH_E_BACKEND_UNAVAILABLE,
    fstype_unsupported = HEARTH_E_FSTYPE_UNSUPPORTED,
    lingering = HEARTH_E_LINGERING,
    recover_at_open = HEARTH_E_RECOVER_AT_OPEN,
    bad_secret = HEARTH_E_BAD_SECRET,
    need_token = HEARTH_E_NEED_TOKEN,
    need_pin = HEARTH_E_NEED_PIN,
    need_presence = HEARTH_E_NEED_PRESENCE,
    need_verification = HEARTH_E_NEED_VERIFICATION,
    need_protected_path = HEARTH_E_NEED_PROTECTED_PATH,
    token_timeout = HEARTH_E_TOKEN_TIMEOUT,
    pin_locked = HEARTH_E_PIN_LOCKED,
    bad_pin = HEARTH_E_BAD_PIN,
    bad_pin_few_left = HEARTH_E_BAD_PIN_FEW_LEFT,
    bad_pin_one_left = HEARTH_E_BAD_PIN_ONE_LEFT,
    no_auth_configured = HEARTH_E_NO_AUTH_CONFIGURED,
};

}  // namespace hearth
