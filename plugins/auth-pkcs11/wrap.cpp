// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wrap.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <memory>

namespace hearth::pkcs11 {

namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

sdk::Error failed(const char* what) {
    ERR_clear_error();
    return {HEARTH_E_INTERNAL, std::string(what) + " failed in OpenSSL"};
}

Owned<EVP_PKEY_CTX> context_of(EVP_PKEY* key) {
    return Owned<EVP_PKEY_CTX>(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
}

unsigned char* data_of(sdk::Secret& secret) {
    return reinterpret_cast<unsigned char*>(secret.bytes().data());
}

bool set_padding(EVP_PKEY_CTX* context, Padding padding) {
    if (padding == Padding::pkcs1)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    const EVP_MD* hash = padding == Padding::oaep_sha256 ? EVP_sha256() : EVP_sha1();
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1;
}

Owned<EVP_PKEY> new_key_like(const PublicKey& key) {
    const auto context = context_of(key.get());
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_keygen_init(context.get()) != 1 ||
        EVP_PKEY_generate(context.get(), &made) != 1)
        return nullptr;
    return Owned<EVP_PKEY>(made);
}

bool derive(EVP_PKEY* own, EVP_PKEY* other, sdk::Secret& out) {
    const auto context = context_of(own);
    std::size_t size = out.bytes().size();
    return context && EVP_PKEY_derive_init(context.get()) == 1 &&
           EVP_PKEY_derive_set_peer(context.get(), other) == 1 &&
           EVP_PKEY_derive(context.get(), data_of(out), &size) == 1 && size == out.bytes().size();
}

Bytes point_of_key(EVP_PKEY* key) {
    unsigned char* point = nullptr;
    const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &point);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owned(
        point, [](unsigned char* bytes) { OPENSSL_free(bytes); });
    return {point, point + size};
}

}  // namespace

sdk::Result<sdk::Secret> new_secret_for(sdk::Op op, const PublicKey& key) {
    HEARTH_SDK_TRY(secret, op.new_secret(key.size() / 2));
    if (RAND_priv_bytes(data_of(secret), static_cast<int>(secret.bytes().size())) != 1)
        return failed("making a secret");
    return secret;
}

sdk::Result<Bytes> encrypt(const PublicKey& key, Padding padding, sdk::SecretView secret) {
    const auto text = secret.text();
    const auto context = context_of(key.get());
    Bytes out(key.size());
    std::size_t size = out.size();
    if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
        !set_padding(context.get(), padding) ||
        EVP_PKEY_encrypt(context.get(), out.data(), &size,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1 ||
        size != out.size())
        return failed("encrypting a secret");
    return out;
}

sdk::Result<Agreed> agree(sdk::Op op, const PublicKey& key) {
    const auto own = new_key_like(key);
    if (!own) return failed("making a key");
    HEARTH_SDK_TRY(secret, op.new_secret(key.size()));
    if (!derive(own.get(), key.get(), secret)) return failed("agreeing on a secret");
    Bytes point = point_of_key(own.get());
    if (curve_of_point(point) == nullptr) return failed("writing a point");
    return Agreed{std::move(point), std::move(secret)};
}

}  // namespace hearth::pkcs11
