// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_token.hpp"

#include <openssl/core_names.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>

namespace hearth::pkcs11::test {

namespace {

Bytes number_of(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    Bytes out(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, out.data());
    BN_free(number);
    return out;
}

/// The DER that a writer of OpenSSL's gives.
template <typename Write, typename T>
Bytes der_of(Write write, T* object) {
    unsigned char* bytes = nullptr;
    const int size = write(object, &bytes);
    Bytes out(bytes, bytes + size);
    OPENSSL_free(bytes);
    return out;
}

void set_public_half(Object& object, const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        object.set(CKA_KEY_TYPE, CKK_RSA);
        object.attributes[CKA_MODULUS] = number_of(key, OSSL_PKEY_PARAM_RSA_N);
        object.attributes[CKA_PUBLIC_EXPONENT] = number_of(key, OSSL_PKEY_PARAM_RSA_E);
        return;
    }
    object.set(CKA_KEY_TYPE, CKK_EC);
    char name[64] = "";
    EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, nullptr);
    const ASN1_OBJECT* curve = OBJ_nid2obj(OBJ_txt2nid(name));
    object.attributes[CKA_EC_PARAMS] = der_of(
        [](const ASN1_OBJECT* one, unsigned char** out) { return i2d_ASN1_OBJECT(one, out); },
        curve);
    unsigned char* point = nullptr;
    const auto size = EVP_PKEY_get1_encoded_public_key(const_cast<EVP_PKEY*>(key), &point);
    ASN1_OCTET_STRING* string = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(string, point, static_cast<int>(size));
    object.attributes[CKA_EC_POINT] = der_of(
        [](ASN1_OCTET_STRING* one, unsigned char** out) { return i2d_ASN1_OCTET_STRING(one, out); },
        string);
    ASN1_OCTET_STRING_free(string);
    OPENSSL_free(point);
}

void fill(unsigned char* field, std::size_t size, const std::string& text) {
    std::memset(field, ' ', size);
    std::memcpy(field, text.data(), std::min(size, text.size()));
}

}  // namespace

Key key_of(const std::string& kind, int which) {
    static std::map<std::pair<std::string, int>, Key> made;
    Key& key = made[{kind, which}];
    if (key) return key;
    EVP_PKEY* fresh = kind == "RSA"        ? EVP_RSA_gen(2048U)
                      : kind == "RSA-1024" ? EVP_RSA_gen(1024U)
                      : kind == "ED25519"  ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                           : EVP_EC_gen(kind.c_str());
    key = Key(fresh, &EVP_PKEY_free);
    return key;
}

Bytes to_bytes(const std::string& text) {
    return {text.begin(), text.end()};
}

void Object::set(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    Bytes bytes(sizeof value);
    std::memcpy(bytes.data(), &value, sizeof value);
    attributes[type] = bytes;
}

void Object::set_flag(CK_ATTRIBUTE_TYPE type, bool value) {
    attributes[type] = Bytes{static_cast<std::uint8_t>(value ? 1 : 0)};
}

FakeToken::FakeToken(const std::string& label) {
    fill(info.label, sizeof info.label, label);
    fill(info.manufacturerID, sizeof info.manufacturerID, "Nobody");
    fill(info.model, sizeof info.model, "made up");
    fill(info.serialNumber, sizeof info.serialNumber, "0815");
    info.flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
}

void FakeToken::add_private(const Key& key, const std::string& id) {
    Object object;
    object.set(CKA_CLASS, CKO_PRIVATE_KEY);
    object.attributes[CKA_ID] = to_bytes(id);
    object.key = key;
    set_public_half(object, key.get());
    object.set_flag(CKA_DECRYPT, true);
    object.set_flag(CKA_DERIVE, true);
    objects.push_back(object);
}

void FakeToken::add_public(const Key& key, const std::string& id) {
    Object object;
    object.set(CKA_CLASS, CKO_PUBLIC_KEY);
    object.attributes[CKA_ID] = to_bytes(id);
    set_public_half(object, key.get());
    objects.push_back(object);
}

void FakeToken::add_certificate(const Key& key, const std::string& id) {
    X509* certificate = X509_new();
    X509_set_pubkey(certificate, key.get());
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 1);
    X509_sign(certificate, key.get(),
              EVP_PKEY_is_a(key.get(), "ED25519") == 1 ? nullptr : EVP_sha256());
    Object object;
    object.set(CKA_CLASS, CKO_CERTIFICATE);
    object.set(CKA_CERTIFICATE_TYPE, CKC_X_509);
    object.attributes[CKA_ID] = to_bytes(id);
    object.attributes[CKA_VALUE] =
        der_of([](X509* one, unsigned char** out) { return i2d_X509(one, out); }, certificate);
    X509_free(certificate);
    objects.push_back(object);
}

void FakeToken::add(const Key& key, const std::string& id) {
    add_private(key, id);
    add_public(key, id);
}

}  // namespace hearth::pkcs11::test
