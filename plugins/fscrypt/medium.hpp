// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <vector>

#include "kernel_key.hpp"
#include "policy.hpp"
#include "slot_store.hpp"

namespace hearth::fscrypt {

/// A home's folder as it lies on the disk: what can be known of it without a secret.
struct Medium {
    sdk::UniqueFd folder;
    Policy policy;
    std::vector<StoredSlot> slots;
};

/// Opens the folder `name` beside the others. Errors: those of open_home(), read_policy() and
/// read_slots(); CORRUPT (it is not encrypted).
sdk::Result<Medium> open_medium(const sdk::Place& place, const char* name);

/// The file system that the home is on; holds no file of the home open.
sdk::Result<sdk::UniqueFd> open_file_system(const sdk::Place& place);

/// Can a home be made here? Errors: BACKEND_UNAVAILABLE, INVALID_ARGUMENT (what is made here would
/// inherit somebody else's encryption).
sdk::Result<void> check_place(const sdk::Place& place);

/// What the record asks for: hearthFscryptFormat. Nothing, if it asks for nothing.
/// Errors: INVALID_ARGUMENT.
sdk::Result<std::optional<SlotFormat>> wanted_format(const sdk::Record& record);

/// Takes the key out of the kernel, wherever it is. LINGERING: files of the home are still open.
sdk::Result<void> lock_medium(sdk::Op op, const sdk::Place& place, const Policy& policy);
/// The same for a medium that may be gone, or never was a whole one; what goes wrong is only
/// logged.
void lock_if_there(sdk::Op op, const sdk::Place& place, const char* name);

}  // namespace hearth::fscrypt
