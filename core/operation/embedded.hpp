// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

/// The copy of the record that travels inside the home: `.identity` in its top folder. The user can
/// write to that folder, so nothing there is followed or believed: it is a regular file with a
/// valid signature, or it is refused.

/// Nothing: there is no such file. Errors: record-* (what is wrong with it), file-*.
Result<std::optional<record::UserRecord>> load_embedded(Operation& op, int root_fd);

/// The copy that a medium keeps sealed in its own header, before anything else of it is used: of
/// this user, and with a valid signature. Errors: record-*, header-other-user.
Result<record::UserRecord> read_sealed(Operation& op, const record::UserRecord& host,
                                       const std::string& text);

/// Replaces it, owned like the top folder. Only what travels is written: no binding, no status.
/// Errors: file-*.
Result<void> store_embedded(int root_fd, const record::UserRecord& record,
                            system::Durability durability);

/// Removes what interrupted replacements left.
void sweep_embedded(int root_fd);

}  // namespace hearth::operation
