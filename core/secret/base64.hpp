// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

namespace hearth::secret {

/// The bytes as base64 text (standard alphabet, padded, one line): the form in which the secret of
/// a token is hashed and unlocks media. Never leaves locked memory. Errors: secret-memory.
Result<Secret> to_base64(const Secret& raw);

}  // namespace hearth::secret
