// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <vector>

#include "policy.hpp"
#include "slot_store.hpp"

namespace hearth::fscrypt {

/// The volume key of a home: the one that core has kept, or what one of the caller's secrets opens
/// a slot to. One key derivation for each pair that is tried. Errors: CORRUPT (a slot cannot be
/// read), BAD_SECRET, CANCELLED.
sdk::Result<sdk::Secret> find_volume_key(sdk::Op op, const Policy& policy,
                                         const std::vector<StoredSlot>& stored);

/// A new one.
sdk::Result<sdk::Secret> make_volume_key(sdk::Op op);

}  // namespace hearth::fscrypt
