// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "cbor.hpp"

// What a security key computes. Throws std::runtime_error where OpenSSL does not.

namespace hearth::fido2::test {

Bytes random_bytes(std::size_t size);
Bytes sha256(View data);
Bytes hmac_sha256(View key, View data);
/// HKDF-SHA-256 with a salt of 32 zero bytes, to 32 bytes.
Bytes hkdf(View secret, const std::string& info);
/// AES-256-CBC without padding.
Bytes aes(View key, View iv, View data, bool encrypts);

/// A pair of keys.
class KeyPair {
  public:
    enum class Kind { es256 = -7, eddsa = -8, rs256 = -257 };
    static KeyPair generate(Kind kind);
    /// `scalar`: 32 bytes, for the curve P-256.
    static KeyPair from_scalar(View scalar);
    /// DER, as private_der() wrote it.
    static KeyPair from_der(Kind kind, View der);

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] Bytes private_der() const;
    /// The public half as a COSE key of that algorithm, which need not be that of its kind.
    [[nodiscard]] Cbor cose(int algorithm) const;
    [[nodiscard]] Bytes sign(View data) const;
    /// The X of the point that is shared with the public half of somebody else, in COSE.
    [[nodiscard]] Bytes agree(const Cbor& other) const;

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };
    using Handle = std::unique_ptr<EVP_PKEY, Free>;
    KeyPair(Kind kind, Handle handle) : kind_(kind), handle_(std::move(handle)) {}

    Kind kind_;
    Handle handle_;
};

}  // namespace hearth::fido2::test
