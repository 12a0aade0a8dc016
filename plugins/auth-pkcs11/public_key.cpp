// SPDX-License-Identifier: LGPL-2.1-or-later
#include "public_key.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <array>
#include <cstring>

namespace hearth::pkcs11 {

namespace {

constexpr int kLeastBits = 2048;
constexpr int kMostBits = 16384;

using Key = std::shared_ptr<EVP_PKEY>;

struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

sdk::Error unusable(const char* why) {
    ERR_clear_error();  // for whoever uses the library next
    return {HEARTH_E_NOT_SUPPORTED, why};
}

Key own(EVP_PKEY* key) {
    return {key, [](EVP_PKEY* one) { EVP_PKEY_free(one); }};
}

Key make(const char* type, const OSSL_PARAM* params) {
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                          const_cast<OSSL_PARAM*>(params)) != 1)
        return nullptr;
    return own(key);
}

bool is_known_curve(const EVP_PKEY* key) {
    std::array<unsigned char, 256> point{};
    std::size_t size = 0;
    return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                           &size) == 1 &&
           size <= point.size() && curve_of_point(std::span(point).first(size)) != nullptr;
}

/// Curves of the same size as ours, but others: a token would have them for currencies.
bool has_known_name(const EVP_PKEY* key) {
    std::array<char, 64> name{};
    std::size_t size = 0;
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                       &size) != 1)
        return false;
    const std::string_view text(name.data(), size);
    return text == "prime256v1" || text == "secp384r1" || text == "secp521r1" || text == "P-256" ||
           text == "P-384" || text == "P-521";
}

}  // namespace

sdk::Result<PublicKey> PublicKey::checked(Key key) {
    if (!key) return unusable("the public key on the token is damaged");
    if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
        const int bits = EVP_PKEY_get_bits(key.get());
        if (bits < kLeastBits) return unusable("the RSA key on the token has less than 2048 bits");
        if (bits > kMostBits) return unusable("the RSA key on the token has more than 16384 bits");
    } else if (EVP_PKEY_is_a(key.get(), "EC") == 1) {
        if (!is_known_curve(key.get()) || !has_known_name(key.get()))
            return unusable("the key on the token is on another curve than P-256, P-384 or P-521");
    } else {
        return unusable("the key on the token is neither an RSA key nor one on a curve");
    }
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!context || EVP_PKEY_public_check_quick(context.get()) != 1)
        return unusable("the public key on the token is damaged");
    return PublicKey(std::move(key));
}

sdk::Result<PublicKey> PublicKey::of_certificate(std::span<const std::uint8_t> der) {
    const unsigned char* at = der.data();
    const Owned<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate || at != der.data() + der.size())
        return unusable("the certificate on the token is damaged");
    Key key = own(X509_get_pubkey(certificate.get()));
    if (!key) return unusable("the certificate on the token has no usable key");
    return checked(std::move(key));
}

sdk::Result<PublicKey> PublicKey::of_rsa(std::span<const std::uint8_t> modulus,
                                         std::span<const std::uint8_t> exponent) {
    const Owned<BIGNUM> n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
    const Owned<BIGNUM> e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    if (!n || !e || !builder ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return sdk::Error(HEARTH_E_NO_MEMORY, "out of memory");
    const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder.get()));
    return checked(params ? make("RSA", params.get()) : nullptr);
}

sdk::Result<PublicKey> PublicKey::of_point(const Curve& curve,
                                           std::span<const std::uint8_t> point) {
    const std::array params{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(curve.name),
                                         0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                          const_cast<std::uint8_t*>(point.data()), point.size()),
        OSSL_PARAM_construct_end()};
    return checked(make("EC", params.data()));
}

KeyKind PublicKey::kind() const {
    return EVP_PKEY_is_a(key_.get(), "RSA") == 1 ? KeyKind::rsa : KeyKind::ec;
}

std::size_t PublicKey::size() const {
    return (static_cast<std::size_t>(EVP_PKEY_get_bits(key_.get())) + 7) / 8;
}

bool PublicKey::is_same(const PublicKey& other) const {
    return EVP_PKEY_eq(key_.get(), other.key_.get()) == 1;
}

}  // namespace hearth::pkcs11
