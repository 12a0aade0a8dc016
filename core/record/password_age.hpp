// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "core/record/effective.hpp"

namespace hearth::record {

/// What the dates of a record say of its password.
enum class PasswordAge {
    fine,
    cannot_change,    ///< it was changed a short time ago, and the record asks for more
    expires_soon,     ///< and may be changed
    change_now,       ///< somebody wants it changed
    expired,          ///< it has to be changed
    dead,             ///< it has expired, and may not be changed any more (or not yet)
    no_timestamp,     ///< there are rules, and nobody knows when it was changed
    from_the_future,  ///< it was changed later than now: a clock was wrong
};

struct PasswordTerm {
    PasswordAge age = PasswordAge::fine;
    std::uint64_t expires = UINT64_MAX;  ///< µs since 1970; the greatest number: never
};

/// By passwordChange{Now,Min,Max,Warn,Inactive}USec and lastPasswordChangeUSec, as pam_systemd_home
/// reads them.
[[nodiscard]] PasswordTerm password_term(const Effective& record, std::uint64_t now_usec);

}  // namespace hearth::record
