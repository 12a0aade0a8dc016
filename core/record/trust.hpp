// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace hearth::record {

/// Whose signature a record carries.
enum class Trust {
    exclusive,        ///< signed by this machine, and by nobody else: it may be changed here
    shared,           ///< signed by this machine and by others: usable, not to be changed here
    foreign,          ///< signed by a key that this machine trusts: usable, not to be changed here
    unsigned_record,  ///< no signature at all
    unknown_key,      ///< signed, but by nobody whom this machine trusts, or changed since
};

/// May a home with this record be used?
constexpr bool is_trusted(Trust trust) {
    return trust == Trust::exclusive || trust == Trust::shared || trust == Trust::foreign;
}

}  // namespace hearth::record
