// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/record/user_record.hpp"

namespace hearth::operation {

/// One token that opens a home.
struct TokenEntry {
    /// What its plugin made when it was enrolled: the entry as JSON, without the hash.
    std::string text;
    /// Of its secret, which is base64 text.
    std::string hash;
};

/// All tokens of one kind in a record. Which plugin knows that kind is found by the place: no kind
/// has a name here.
struct TokenArray {
    /// A JSON pointer, as manifests have it: "/privileged/fido2HmacSalt".
    std::string place;
    std::vector<TokenEntry> entries;
};

/// The tokens of a record, kind by kind in the order of their places. An entry of a list in
/// /privileged is one if it has a hash; recovery keys, which need no device, are none.
std::vector<TokenArray> token_arrays(const record::UserRecord& record);

/// The hashes in those.
std::vector<std::string> token_hashes(const record::UserRecord& record);

}  // namespace hearth::operation
