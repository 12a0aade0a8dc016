// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/auth.hpp>

#include "token.hpp"

namespace hearth::pkcs11 {

/// The secret of the first entry that a token here has the key for. Each token is talked to once,
/// about all of its entries, so that each PIN costs one try at most; an entry that is damaged does
/// not keep the others from being tried.
///
/// Errors: of all that stood in the way the one that a person can do most about.
sdk::Result<sdk::Acquired> acquire(sdk::Op op, ModuleList modules,
                                   std::span<const char* const> entries);

}  // namespace hearth::pkcs11
