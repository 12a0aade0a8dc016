// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "entry.hpp"
#include "public_key.hpp"
#include "session.hpp"

namespace hearth::pkcs11 {

/// The secret of an entry, from the one private key on the token that the entry can mean. Somebody
/// has logged in before.
///
/// Errors: HEARTH_E_NOT_SUPPORTED (no key, several, or one that may not be used like this),
/// HEARTH_E_CORRUPT (what is encrypted is cut short, or not for this key), and those of
/// token_error().
sdk::Result<sdk::Secret> reveal(sdk::Op op, const Session& session, const Uri& uri,
                                const Entry& entry);

}  // namespace hearth::pkcs11
