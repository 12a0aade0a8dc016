// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/record/user_record.hpp"
#include "core/record/validate.hpp"
#include "core/secret/secrets.hpp"

namespace hearth::record {

/// Reads the content of a record's secret section: {"password":["x"],"tokenPin":["1"]} and so on,
/// straight into locked memory. A whole record (or an object with nothing but the section) will do
/// as well: then it is the member "secret" of it that counts.
///
/// Whoever types a recovery key types it as a password; core/operation tries it as one, too.
/// The caller wipes the text. Errors name a place in it, never its content: those of the gate
/// (json.hpp), record-secret, secrets-too-many, secret-memory.
Result<secret::Secrets> parse_secret(std::string_view json, Unknown unknown = Unknown::keep);

/// A record from a client, and the secrets that came in it.
struct SplitRecord {
    UserRecord record;  ///< without the section
    secret::Secrets secrets;
};

/// Reads a record that may have a secret section, of which nothing gets into ordinary memory.
/// Errors: those of parse_secret() and of UserRecord::parse().
Result<SplitRecord> parse_record_with_secret(std::string_view json,
                                             Unknown unknown = Unknown::keep);

}  // namespace hearth::record
