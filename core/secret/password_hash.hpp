// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

namespace hearth::secret {

/// How to hash: a crypt(5) prefix and its cost. Empty and 0 mean what libcrypt prefers (yescrypt).
/// A cheap one is for tests alone.
struct HashMethod {
    std::string prefix;
    unsigned long cost = 0;
};

/// The crypt(5) string of `password` with a fresh salt. Takes about 20 ms with the default method.
/// Errors: password-unusable (empty, a NUL byte inside, longer than libcrypt accepts),
/// password-hash-failed (unknown method, no memory).
Result<std::string> hash_password(const Secret& password, const HashMethod& method = {});

/// Does `password` open `hash`? False for a scheme that libcrypt does not know, and for a password
/// that crypt(3) would see cut short at a NUL byte. Runs the key derivation each time: see
/// verifier.hpp.
[[nodiscard]] bool matches(const Secret& password, const std::string& hash);

}  // namespace hearth::secret
