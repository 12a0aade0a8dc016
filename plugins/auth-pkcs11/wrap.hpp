// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/op.hpp>

#include "entry.hpp"
#include "public_key.hpp"

// Secrets that only the private half of a key can find again.

namespace hearth::pkcs11 {

/// A new secret, half as long as the modulus of the key that it is meant for.
sdk::Result<sdk::Secret> new_secret_for(sdk::Op op, const PublicKey& key);

/// The secret, encrypted with RSA.
sdk::Result<Bytes> encrypt(const PublicKey& key, Padding padding, sdk::SecretView secret);

/// What both sides of an ECDH exchange know.
struct Agreed {
    Bytes point;         // of a key made for this alone, whose private half is gone
    sdk::Secret secret;  // the X coordinate
};
sdk::Result<Agreed> agree(sdk::Op op, const PublicKey& key);

}  // namespace hearth::pkcs11
