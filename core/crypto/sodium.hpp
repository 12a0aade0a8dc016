// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace hearth::crypto {

/// Makes libsodium ready, once. Call it before any function of that library; any thread. A program
/// whose libsodium does not work ends with a message: nothing could be trusted without it.
void ready();

}  // namespace hearth::crypto
