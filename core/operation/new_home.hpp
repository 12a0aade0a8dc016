// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// What the record of a home that is new on this machine needs: checks, and a binding.

/// Is the name possible and free, on this system and among the homes?
/// Errors: user-name-*, user-exists, home-exists.
Result<void> check_new_user(Operation& op, const record::UserRecord& record);

/// Decides what the record leaves open and writes it into the binding: storage, image path, home
/// directory, and a UID
/// (`owner`: the one to prefer). Errors: storage-*, uid-taken, no-free-uid, image-path-taken.
Result<void> bind_to_machine(Operation& op, record::UserRecord& record, std::optional<uid_t> owner);

}  // namespace hearth::operation
