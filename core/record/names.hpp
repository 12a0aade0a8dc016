// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/result.hpp"

namespace hearth::record {

/// The rules for the users that Hearth manages: `[A-Za-z_][A-Za-z0-9_-]{0,30}`, and none of the
/// names that systems keep for themselves. Such a name is safe as one component of a path.
Result<void> check_managed_user_name(std::string_view name);

/// The wider rules for reading records that others made. Still safe as one component of a path.
Result<void> check_relaxed_user_name(std::string_view name);

/// A DNS name of at least one label, without a trailing dot and not the root.
Result<void> check_realm(std::string_view realm);

/// Of a file that belongs to a record: letters, digits and - . _ ~, no dot in front. Errors:
/// blob-name.
Result<void> check_blob_name(std::string_view name);

}  // namespace hearth::record
