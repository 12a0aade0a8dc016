// SPDX-License-Identifier: LGPL-2.1-or-later
#include "crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>

namespace hearth::fscrypt {

namespace {

constexpr std::size_t kCipherKeySize = 32;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

/// A secret that lives on the stack for a moment.
template <std::size_t N>
struct Wiped {
    std::array<unsigned char, N> bytes{};
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { OPENSSL_cleanse(bytes.data(), N); }
};

sdk::Error failed(const char* what) {
    return {HEARTH_E_INTERNAL, std::string("libcrypto could not ") + what};
}

const unsigned char* raw(SecretBytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(Secretly bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

constexpr int kSize = static_cast<int>(kVolumeKeySize);
// Safe with v1 alone because every slot has a key of its own, from a salt of its own.
constexpr std::array<unsigned char, 16> kZeroCounter{};

/// Encrypting and decrypting are the same.
bool run_ctr(SecretBytes key, const unsigned char* in, unsigned char* out) {
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int done = 0;
    return cipher &&
           EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_ctr(), nullptr, raw(key),
                              kZeroCounter.data()) == 1 &&
           EVP_EncryptUpdate(cipher.get(), out, &done, in, kSize) == 1 && done == kSize;
}

sdk::Result<bool> open_gcm(const Slot& slot, SecretBytes key, Secretly out) {
    const Cipher cipher(EVP_CIPHER_CTX_new());
    Bytes tag = slot.tag;
    int done = 0;
    const bool ran =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), slot.iv.data()) ==
            1 &&
        EVP_DecryptUpdate(cipher.get(), raw(out), &done, slot.ciphertext.data(), kSize) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagSize),
                            tag.data()) == 1;
    if (!ran) return failed("decrypt");
    std::array<unsigned char, 16> rest{};
    const bool genuine = EVP_DecryptFinal_ex(cipher.get(), rest.data(), &done) == 1;
    if (!genuine) OPENSSL_cleanse(out.data(), out.size());
    return genuine;
}

bool seal_gcm(Slot& slot, SecretBytes key, SecretBytes volume_key) {
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::array<unsigned char, 16> rest{};
    int done = 0;
    return cipher &&
           EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), slot.iv.data()) ==
               1 &&
           EVP_EncryptUpdate(cipher.get(), slot.ciphertext.data(), &done, raw(volume_key), kSize) ==
               1 &&
           EVP_EncryptFinal_ex(cipher.get(), rest.data(), &done) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagSize),
                               slot.tag.data()) == 1;
}

bool hmac(std::span<const unsigned char> key, std::span<const unsigned char> text,
          unsigned char* out) {
    std::size_t size = 0;
    return EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA512", nullptr, key.data(), key.size(),
                     text.data(), text.size(), out, SHA512_DIGEST_LENGTH, &size) != nullptr &&
           size == SHA512_DIGEST_LENGTH;
}

bool fits(const Slot& slot, SecretBytes derived, std::size_t key_size) {
    const bool v1 = slot.format == SlotFormat::v1;
    return derived.size() == kDerivedSize && key_size == kVolumeKeySize &&
           slot.ciphertext.size() == kVolumeKeySize &&
           (v1 || (slot.iv.size() == kIvSize && slot.tag.size() == kTagSize));
}

}  // namespace

sdk::Result<void> derive_key(std::string_view password, std::span<const std::uint8_t> salt,
                             std::uint32_t rounds, Secretly out) {
    const int done =
        PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                          static_cast<int>(salt.size()), static_cast<int>(rounds), EVP_sha512(),
                          static_cast<int>(out.size()), raw(out));
    return done == 1 ? sdk::ok() : sdk::Result<void>(failed("derive a key from a password"));
}

sdk::Result<bool> open_slot(const Slot& slot, SecretBytes derived, Secretly volume_key) {
    if (!fits(slot, derived, volume_key.size())) return failed("use a slot of this size");
    const auto key = derived.first(kCipherKeySize);
    if (slot.format == SlotFormat::v2) return open_gcm(slot, key, volume_key);
    if (run_ctr(key, slot.ciphertext.data(), raw(volume_key))) return true;
    return failed("decrypt");
}

sdk::Result<void> seal_slot(Slot& slot, SecretBytes derived, SecretBytes volume_key) {
    const bool v1 = slot.format == SlotFormat::v1;
    slot.ciphertext.assign(kVolumeKeySize, 0);
    slot.iv.assign(v1 ? 0 : kIvSize, 0);
    slot.tag.assign(v1 ? 0 : kTagSize, 0);
    if (!fits(slot, derived, volume_key.size())) return failed("make a slot of this size");
    const auto key = derived.first(kCipherKeySize);
    HEARTH_SDK_CHECK(fill_random(std::span<std::uint8_t>(slot.iv)));
    const bool sealed = v1 ? run_ctr(key, raw(volume_key), slot.ciphertext.data())
                           : seal_gcm(slot, key, volume_key);
    return sealed ? sdk::ok() : sdk::Result<void>(failed("encrypt"));
}

sdk::Result<std::array<std::uint8_t, 8>> key_descriptor(SecretBytes volume_key) {
    Wiped<SHA512_DIGEST_LENGTH> once;
    Wiped<SHA512_DIGEST_LENGTH> twice;
    SHA512(raw(volume_key), volume_key.size(), once.bytes.data());
    SHA512(once.bytes.data(), once.bytes.size(), twice.bytes.data());
    std::array<std::uint8_t, 8> out{};
    std::copy_n(twice.bytes.begin(), out.size(), out.begin());
    return out;
}

/// HKDF without a salt, the first block of it.
sdk::Result<std::array<std::uint8_t, 16>> key_identifier(SecretBytes volume_key) {
    constexpr std::array<unsigned char, SHA512_DIGEST_LENGTH> kNoSalt{};
    // "fscrypt", NUL, 1 (the kernel's context of identifiers), 1 (HKDF's first block).
    constexpr std::array<unsigned char, 10> kInfo{'f', 's', 'c', 'r', 'y', 'p', 't', 0, 1, 1};
    Wiped<SHA512_DIGEST_LENGTH> extracted;
    Wiped<SHA512_DIGEST_LENGTH> expanded;
    if (!hmac(kNoSalt, {raw(volume_key), volume_key.size()}, extracted.bytes.data()) ||
        !hmac(extracted.bytes, kInfo, expanded.bytes.data()))
        return failed("derive the name of a key");
    std::array<std::uint8_t, 16> out{};
    std::copy_n(expanded.bytes.begin(), out.size(), out.begin());
    return out;
}

sdk::Result<std::array<std::uint8_t, 8>> short_hash(std::string_view text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
    std::array<std::uint8_t, 8> out{};
    std::copy_n(hash.begin(), out.size(), out.begin());
    return out;
}

sdk::Result<void> fill_random(std::span<std::uint8_t> out) {
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) == 1) return sdk::ok();
    return failed("make random bytes");
}

sdk::Result<void> fill_random(Secretly out) {
    if (RAND_priv_bytes(raw(out), static_cast<int>(out.size())) == 1) return sdk::ok();
    return failed("make a random key");
}

}  // namespace hearth::fscrypt
