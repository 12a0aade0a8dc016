// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// What the record of a home that is new on this machine needs: checks, and a binding.

/// Who would answer if this system was asked about the user: nobody, or the service that knows of
/// the home already. Then names and UID cannot be asked for, and need not be: it has done that.
enum class Served { no, yes };

/// Is the name possible and free, on this system and among the homes?
/// Errors: user-name-*, user-exists, home-exists.
Result<void> check_new_user(Operation& op, const record::UserRecord& record,
                            Served served = Served::no);

/// Decides what the record leaves open and writes it into the binding: storage, image path, home
/// directory, and a UID (`owner`: the one to prefer). The names by which the user can be found must
/// be free, too. Errors: storage-*, uid-taken, no-free-uid, image-path-taken, user-exists,
/// home-exists, user-name-*.
Result<void> bind_to_machine(Operation& op, record::UserRecord& record, std::optional<uid_t> owner,
                             Served served = Served::no);

/// For a home whose medium is about to be made: the file system that the administrator wants, if
/// the record names none and the medium has one of its own.
Result<void> choose_file_system(Operation& op, record::UserRecord& record);

}  // namespace hearth::operation
