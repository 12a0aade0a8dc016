// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/auth.hpp>

namespace hearth::fido2 {

/// The secret of the first entry that a key here answers to. Keys are asked without a touch first
/// whether they know an entry at all, so that one touch is enough and no PIN goes to the key of
/// somebody else; an entry that is damaged does not keep the others from being tried.
///
/// Errors: of all that stood in the way the one that a person can do most about.
sdk::Result<sdk::Acquired> acquire(sdk::Op op, std::span<const char* const> entries);

}  // namespace hearth::fido2
