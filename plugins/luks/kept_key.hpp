// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <string>

// The key of an active home stays in a keyring of root's, in a form that the kernel can use and no
// program can read, so that its mapping can become larger and smaller without its owner. It goes
// when the home is closed or locked.

namespace hearth::luks {

/// `mapping` is the home's, and active. Failing is only logged: the home keeps its size, then.
void keep_key(sdk::Op op, const std::string& mapping, sdk::Secret& key);

/// Is there one, and can the kernel find it until this process ends? Errors: NOT_SUPPORTED.
sdk::Result<void> borrow_key(const std::string& mapping);

/// A missing one is no error.
void drop_key(const std::string& mapping);

}  // namespace hearth::luks
