// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/error.hpp>

#include <string>

namespace hearth::fido2 {

/// What a security key's refusal means; `what` failed: "asking for the secret". `answer`:
/// FIDO_ERR_* but FIDO_OK.
sdk::Error ctap_error(int answer, const std::string& what);

/// Did the key say nothing, or nothing that a key would say? It may have been pulled out.
bool is_nonsense(int answer);

}  // namespace hearth::fido2
