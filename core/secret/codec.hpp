// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/secret/secrets.hpp"

namespace hearth::secret {

/// Secrets travel between our own processes in a sealed memory file, in a binary form that only
/// programs of the same build exchange. Limits: 64 secrets of a kind, 4096 bytes each.

/// A sealed file (close-on-exec) that holds `secrets`. The receiver gets a copy of the fd.
/// Errors: secrets-too-many, secrets-transfer.
Result<UniqueFd> to_sealed_memfd(const Secrets& secrets);

/// Reads what to_sealed_memfd() wrote. The fd stays the caller's, and should be closed at once: its
/// pages hold the secrets as long as any fd to it is open. Errors: secrets-malformed (not sealed,
/// or not this form), secret-memory, secrets-transfer.
Result<Secrets> from_memfd(int fd);

}  // namespace hearth::secret
