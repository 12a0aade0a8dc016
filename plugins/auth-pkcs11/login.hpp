// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/op.hpp>

#include "session.hpp"

namespace hearth::pkcs11 {

/// Logs in, if the token asks for it: on its own keys if it has some and the person allows it, or
/// with the PINs that the person gave, each of them once. The last try of a token is not spent on a
/// PIN that merely came after a wrong one.
///
/// Errors: HEARTH_E_NEED_PROTECTED_PATH, HEARTH_E_NEED_PIN, HEARTH_E_BAD_PIN and its kin,
/// HEARTH_E_PIN_LOCKED, HEARTH_E_NOT_SUPPORTED (it has no PIN yet, or an expired one), and those of
/// token_error(). `token` is asked about itself again after a wrong PIN.
sdk::Result<void> log_in(sdk::Op op, Session& session, Token& token);

}  // namespace hearth::pkcs11
