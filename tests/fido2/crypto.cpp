// SPDX-License-Identifier: LGPL-2.1-or-later
#include "crypto.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>

namespace hearth::fido2::test {

namespace {

constexpr std::size_t kCoordinate = 32;
constexpr const char* kCurve = "prime256v1";

void must(bool is_done) {
    if (!is_done) throw std::runtime_error("OpenSSL fails");
}

template <typename T, void (*kFree)(T*)>
struct Freed {
    void operator()(T* object) const { kFree(object); }
};
template <typename T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Freed<T, kFree>>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;

/// SEC1, uncompressed.
Bytes point_of(View x, View y) {
    Bytes out{4};
    out.insert(out.end(), x.begin(), x.end());
    out.insert(out.end(), y.begin(), y.end());
    return out;
}

/// A key on P-256: a public point, and its scalar if it is known.
EVP_PKEY* curve_key(const Bytes& point, const BIGNUM* scalar) {
    const Builder builder(OSSL_PARAM_BLD_new());
    must(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kCurve, 0) ==
         1);
    must(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                          point.size()) == 1);
    if (scalar != nullptr)
        must(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1);
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* out = nullptr;
    must(EVP_PKEY_fromdata_init(context.get()) == 1);
    must(EVP_PKEY_fromdata(context.get(), &out, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
    return out;
}

Bytes number_of(const EVP_PKEY* key, const char* name, std::size_t size = 0) {
    BIGNUM* found = nullptr;
    must(EVP_PKEY_get_bn_param(key, name, &found) == 1);
    const Number number(found);
    Bytes out(size == 0 ? static_cast<std::size_t>(BN_num_bytes(found)) : size);
    must(BN_bn2binpad(found, out.data(), static_cast<int>(out.size())) ==
         static_cast<int>(out.size()));
    return out;
}

Cbor cose_curve(const EVP_PKEY* key, int algorithm) {
    return Cbor::map({{1, 2},
                      {3, algorithm},
                      {-1, 1},
                      {-2, number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, kCoordinate)},
                      {-3, number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinate)}});
}

Cbor cose_edwards(const EVP_PKEY* key, int algorithm) {
    Bytes raw(kCoordinate);
    std::size_t size = raw.size();
    must(EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1);
    return Cbor::map({{1, 1}, {3, algorithm}, {-1, 6}, {-2, raw}});
}

Cbor cose_rsa(const EVP_PKEY* key, int algorithm) {
    return Cbor::map({{1, 3},
                      {3, algorithm},
                      {-1, number_of(key, OSSL_PKEY_PARAM_RSA_N)},
                      {-2, number_of(key, OSSL_PKEY_PARAM_RSA_E)}});
}

}  // namespace

Bytes random_bytes(std::size_t size) {
    Bytes out(size);
    must(RAND_bytes(out.data(), static_cast<int>(size)) == 1);
    return out;
}

Bytes sha256(View data) {
    Bytes out(32);
    must(EVP_Digest(data.data(), data.size(), out.data(), nullptr, EVP_sha256(), nullptr) == 1);
    return out;
}

Bytes hmac_sha256(View key, View data) {
    Bytes out(32);
    unsigned size = 0;
    must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(),
              out.data(), &size) != nullptr);
    return out;
}

Bytes hkdf(View secret, const std::string& info) {
    const Bytes zero(32);
    const Bytes key = hmac_sha256(zero, secret);
    Bytes block(info.begin(), info.end());
    block.push_back(1);
    return hmac_sha256(key, block);
}

Bytes aes(View key, View iv, View data, bool encrypts) {
    const Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
    Bytes out(data.size());
    int size = 0;
    if (key.size() != 32 || iv.size() != 16 || data.size() % 16 != 0)
        throw std::runtime_error("not for AES");
    must(EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), iv.data(),
                           encrypts ? 1 : 0) == 1);
    must(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
    must(EVP_CipherUpdate(context.get(), out.data(), &size, data.data(),
                          static_cast<int>(data.size())) == 1);
    return out;
}

KeyPair KeyPair::generate(Kind kind) {
    EVP_PKEY* made = nullptr;
    if (kind == Kind::es256)
        made = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", kCurve);
    else if (kind == Kind::eddsa)
        made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    else
        made = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    must(made != nullptr);
    return {kind, Handle(made)};
}

KeyPair KeyPair::from_scalar(View scalar) {
    const Number number(BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
    const Owned<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    const Owned<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
    must(EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1);
    Bytes octets(1 + 2 * kCoordinate);
    must(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(),
                            octets.size(), nullptr) == octets.size());
    return {Kind::es256, Handle(curve_key(octets, number.get()))};
}

KeyPair KeyPair::from_der(Kind kind, View der) {
    const auto* begin = der.data();
    EVP_PKEY* found = d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(der.size()));
    must(found != nullptr);
    return {kind, Handle(found)};
}

Bytes KeyPair::private_der() const {
    unsigned char* der = nullptr;
    const int size = i2d_PrivateKey(handle_.get(), &der);
    must(size > 0);
    Bytes out(der, der + size);
    OPENSSL_free(der);
    return out;
}

Cbor KeyPair::cose(int algorithm) const {
    if (kind_ == Kind::es256) return cose_curve(handle_.get(), algorithm);
    if (kind_ == Kind::eddsa) return cose_edwards(handle_.get(), algorithm);
    return cose_rsa(handle_.get(), algorithm);
}

Bytes KeyPair::sign(View data) const {
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    const EVP_MD* digest = kind_ == Kind::eddsa ? nullptr : EVP_sha256();
    must(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, handle_.get()) == 1);
    std::size_t size = 0;
    must(EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) == 1);
    Bytes out(size);
    must(EVP_DigestSign(context.get(), out.data(), &size, data.data(), data.size()) == 1);
    out.resize(size);
    return out;
}

Bytes KeyPair::agree(const Cbor& other) const {
    const Handle peer(curve_key(point_of(other.at(-2).bytes(), other.at(-3).bytes()), nullptr));
    const KeyContext context(EVP_PKEY_CTX_new(handle_.get(), nullptr));
    Bytes out(kCoordinate);
    std::size_t size = out.size();
    must(EVP_PKEY_derive_init(context.get()) == 1);
    must(EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1);
    must(EVP_PKEY_derive(context.get(), out.data(), &size) == 1);
    return out;
}

}  // namespace hearth::fido2::test
