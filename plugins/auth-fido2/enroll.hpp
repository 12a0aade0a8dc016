// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/auth.hpp>

#include <string>

namespace hearth::fido2 {

/// Has the key with that path make a credential for the person, and says its first secret. What
/// `flags` (HEARTH_ENROLL_*) ask for and the key has no use for, a PIN that was never set or a
/// touch, is left away; one that cannot recognize its owner is refused, and so is one without a
/// PIN that is required.
///
/// Errors: NEED_TOKEN (no such key), NEED_PRESENCE and such (not permitted yet), NEED_PIN,
/// BAD_PIN*, NOT_SUPPORTED, TOKEN_TIMEOUT, INVALID_ARGUMENT, IO, CANCELLED.
sdk::Result<sdk::Enrolled> enroll(sdk::Op op, const sdk::Record& record, const std::string& path,
                                  hearth_flags flags);

}  // namespace hearth::fido2
