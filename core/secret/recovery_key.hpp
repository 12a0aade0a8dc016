// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

namespace hearth::secret {

/// A new recovery key: 256 random bits as eight groups of eight modhex letters with dashes between
/// them. Errors: secret-memory, random-unavailable.
Result<Secret> make_recovery_key();

/// The one form in which a recovery key is hashed and unlocks a medium: lower case, with dashes.
/// Accepts upper case, and the key without any dashes. Errors: recovery-key-malformed,
/// secret-memory.
Result<Secret> normalize_recovery_key(const Secret& typed);

}  // namespace hearth::secret
