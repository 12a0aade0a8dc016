// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/record/user_record.hpp"

namespace hearth::record {

/// What to do with a field that nobody knows, or that stands in a section where it does not belong.
enum class Unknown {
    keep,    ///< let it be; at the top level that is always so
    refuse,  ///< an error, for sections other than the top level
};

/// Checks every known field in every section: type, range, form. The error (record-field) names the
/// path of the first bad one, like "perMachine[0].diskSize". Says nothing about signatures.
Result<void> validate(const UserRecord& record, Unknown unknown = Unknown::keep);

/// validate(), and what else must hold for a user that Hearth itself manages: the strict name
/// rules, gid equal to uid where both are given, no foreign service, a storage that can hold a
/// home.
Result<void> validate_managed(const UserRecord& record, Unknown unknown = Unknown::keep);

}  // namespace hearth::record
