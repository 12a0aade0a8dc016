// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <cstdint>
#include <string>

namespace hearth::luks {

/// The name under which device-mapper took the key of this mapping from a keyring. Errors:
/// NOT_SUPPORTED (it did not), IO.
sdk::Result<std::string> key_name_of(const std::string& mapping);

/// Gives an active mapping another size, in bytes of decrypted data. Its key has to be where the
/// kernel looks for it: see borrow_key(). Errors: NOT_SUPPORTED (as above), IO.
sdk::Result<void> resize_mapping(const std::string& mapping, std::uint64_t bytes);

}  // namespace hearth::luks
