// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/auth.hpp>

#include "token.hpp"

namespace hearth::pkcs11 {

/// A new secret for the one token, and the one key on it, that the URI means. The token has found
/// it again from the entry before this returns, so that nobody trusts in one that cannot.
///
/// Errors: HEARTH_E_INVALID_ARGUMENT (the URI is wrong, or means several), HEARTH_E_NEED_TOKEN,
/// and those of log_in(), find_public_key() and reveal().
sdk::Result<sdk::Enrolled> enroll(sdk::Op op, ModuleList modules, const std::string& uri);

}  // namespace hearth::pkcs11
