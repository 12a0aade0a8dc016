// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hearth::home {

/// The range that managed homes get their UIDs from; the GID is always the same number.
inline constexpr uid_t kFirstHomeUid = 60001;
inline constexpr uid_t kLastHomeUid = 60513;

/// A UID in decimal digits and nothing else, as people type it.
[[nodiscard]] std::optional<uid_t> parse_uid(std::string_view text);

/// Where allocation starts for a user: the same name gets the same number on every machine whose
/// range is free there. SipHash-2-4 with the key that systemd-homed uses, so that both agree.
[[nodiscard]] uid_t preferred_uid(const std::string& user);

/// Is the number used by another home? Given by the caller, who knows the homes.
using UidTaken = std::function<bool(uid_t)>;

/// Picks a UID: `wish` (the owner of an adopted image) if it lies in the range and is free, else
/// preferred_uid(), else a random free one. Errors: no-free-uid.
Result<uid_t> allocate_uid(const std::string& user, std::optional<uid_t> wish,
                           const UidTaken& taken_by_home);

/// Refuses a UID that people cannot have: those of the system itself, of services that get one when
/// they start, and the like. Errors: uid-reserved.
Result<void> check_uid_range(uid_t uid);

/// Refuses a UID that a system user, group or another home has, or that nobody can have. Errors:
/// uid-taken, uid-reserved.
Result<void> check_uid_free(uid_t uid, const UidTaken& taken_by_home);

/// Refuses a name that a user or group of this system has already. Errors: user-exists.
Result<void> check_name_free(const std::string& user);

}  // namespace hearth::home
