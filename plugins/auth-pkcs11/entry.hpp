// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <string>
#include <string_view>

#include "plugins/shared/base64.hpp"

namespace hearth::pkcs11 {

using shared::Bytes;

/// How RSA hides a secret. Records without a word for it mean PKCS#1 v1.5.
enum class Padding { pkcs1, oaep_sha1, oaep_sha256 };

/// One element of pkcs11EncryptedKey, without its hash.
struct Entry {
    std::string uri;  // RFC 7512
    /// What RSA encrypted, or the public point of a key that was made for this entry alone.
    Bytes data;
    Padding padding = Padding::pkcs1;

    /// Is it for a key on a curve? Their points have lengths that no RSA key in use has.
    [[nodiscard]] bool is_point() const;
    bool operator==(const Entry&) const = default;
};

/// Errors: HEARTH_E_CORRUPT, and why.
sdk::Result<Entry> parse_entry(std::string_view json);

/// The entry as JSON in one line.
std::string to_json(const Entry& entry);

}  // namespace hearth::pkcs11
