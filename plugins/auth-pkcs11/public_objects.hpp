// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "public_key.hpp"
#include "session.hpp"

namespace hearth::pkcs11 {

/// The one key that the URI can mean, from a bare public key or an X.509 certificate on the token.
/// A certificate beside its own key is no second one.
///
/// Errors: HEARTH_E_NOT_SUPPORTED (there is none that can be used, and why),
/// HEARTH_E_INVALID_ARGUMENT (there are several), and those of token_error().
sdk::Result<PublicKey> find_public_key(sdk::Op op, const Session& session, const Uri& uri);

}  // namespace hearth::pkcs11
