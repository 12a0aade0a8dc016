// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

namespace hearth::record {

constexpr std::size_t kSignatureSize = 64;

/// An Ed25519 public key, ready to verify.
class PublicKey {
  public:
    using Raw = std::array<unsigned char, 32>;

    /// "-----BEGIN PUBLIC KEY-----" and what follows it; other kinds of keys are refused
    /// (public-key-invalid).
    static Result<PublicKey> from_pem(std::string_view pem);
    explicit PublicKey(const Raw& raw) : raw_(raw) {}

    /// Is this the signature of exactly these bytes? False also for one of the wrong size.
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] const Raw& raw() const { return raw_; }

  private:
    Raw raw_;
};

/// The Ed25519 key pair of this machine. Moves only; the private half never leaves it.
class SigningKey {
  public:
    /// Loads a PEM private key. `fd` is borrowed and must be a regular file (signing-key-invalid).
    static Result<SigningKey> load(int fd);

    /// The 64 bytes of the signature; the same message always gives the same bytes.
    [[nodiscard]] std::string sign(std::string_view message) const;
    [[nodiscard]] const PublicKey& public_key() const { return public_; }

  private:
    SigningKey(secret::Secret key, const PublicKey& public_key)
        : key_(std::move(key)), public_(public_key) {}
    secret::Secret key_;  ///< in libsodium's form: the seed, then the public key
    PublicKey public_;
};

/// Makes a new key pair and writes both halves as PEM to two open files.
Result<void> write_new_key_pair(int private_fd, int public_fd);

}  // namespace hearth::record
