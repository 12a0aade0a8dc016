// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <openssl/types.h>

#include <hearth/sdk/result.hpp>

#include <memory>
#include <span>

#include "ec_point.hpp"

namespace hearth::pkcs11 {

enum class KeyKind { rsa, ec };

/// The public half of a key on a token, as far as secrets can be made for it: RSA of 2048 to 16384
/// bits, or EC on one of the curves of ec_point.hpp.
class PublicKey {
  public:
    /// From a certificate in DER. Its dates and its issuer do not matter: nobody is identified by
    /// it. Errors of all three: HEARTH_E_NOT_SUPPORTED, and why.
    static sdk::Result<PublicKey> of_certificate(std::span<const std::uint8_t> der);
    static sdk::Result<PublicKey> of_rsa(std::span<const std::uint8_t> modulus,
                                         std::span<const std::uint8_t> exponent);
    static sdk::Result<PublicKey> of_point(const Curve& curve, std::span<const std::uint8_t> point);

    [[nodiscard]] KeyKind kind() const;
    /// RSA: bytes of the modulus. EC: bytes of a coordinate.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool is_same(const PublicKey& other) const;
    [[nodiscard]] EVP_PKEY* get() const { return key_.get(); }

  private:
    explicit PublicKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {}
    static sdk::Result<PublicKey> checked(std::shared_ptr<EVP_PKEY> key);

    std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace hearth::pkcs11
