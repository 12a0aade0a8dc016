// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/record/user_record.hpp"

namespace hearth::record {

/// One element of a record's signature section.
struct Signature {
    std::string data;  ///< raw bytes
    std::string
        key;  ///< PEM of the signer as the record says; for messages only, never to be trusted
};

/// The signatures of a record, none if it is unsigned. Error: record-bad-signature.
Result<std::vector<Signature>> read_signatures(const UserRecord& record);

/// Has the record an array whose order systemd-homed may have changed after signing: four or more
/// elements, one of which is or has an object?
bool has_fragile_array(const UserRecord& record);

}  // namespace hearth::record
