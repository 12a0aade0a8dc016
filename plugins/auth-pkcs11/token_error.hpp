// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <p11-kit/p11-kit.h>

#include <hearth/sdk/op.hpp>

#include <string>

#include "plugins/shared/token_search.hpp"

namespace hearth::pkcs11 {

using shared::ends_search;
using shared::go_on;
using shared::WorstFailure;

/// What a token's answer means, where nothing more is known about it: gone, cancelled, or broken.
/// `what` failed: "reading the key".
sdk::Error token_error(CK_RV answer, const std::string& what);

}  // namespace hearth::pkcs11
