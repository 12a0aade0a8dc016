// SPDX-License-Identifier: LGPL-2.1-or-later
#include "public_objects.hpp"

#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

sdk::Error unusable(const char* why) {
    return {HEARTH_E_NOT_SUPPORTED, why};
}

sdk::Result<PublicKey> read_rsa(const Session& session, CK_OBJECT_HANDLE object) {
    HEARTH_SDK_TRY(modulus, session.attribute(object, CKA_MODULUS));
    HEARTH_SDK_TRY(exponent, session.attribute(object, CKA_PUBLIC_EXPONENT));
    if (!modulus || !exponent) return unusable("the token does not tell its RSA key");
    return PublicKey::of_rsa(*modulus, *exponent);
}

sdk::Result<PublicKey> read_ec(const Session& session, CK_OBJECT_HANDLE object) {
    HEARTH_SDK_TRY(params, session.attribute(object, CKA_EC_PARAMS));
    HEARTH_SDK_TRY(coded, session.attribute(object, CKA_EC_POINT));
    if (!params || !coded) return unusable("the token does not tell its key on a curve");
    const Curve* curve = curve_of_params(*params);
    if (curve == nullptr)
        return unusable("the key on the token is on another curve than P-256, P-384 or P-521");
    const auto point = point_of(*coded, *curve);
    if (!point) return unusable("the public key on the token is damaged");
    return PublicKey::of_point(*curve, *point);
}

sdk::Result<PublicKey> read_key(const Session& session, CK_OBJECT_HANDLE object) {
    HEARTH_SDK_TRY(type, session.number(object, CKA_KEY_TYPE));
    if (type == CKK_RSA) return read_rsa(session, object);
    if (type == CKK_EC) return read_ec(session, object);
    return unusable("the key on the token is neither an RSA key nor one on a curve");
}

sdk::Result<PublicKey> read_certificate(const Session& session, CK_OBJECT_HANDLE object) {
    HEARTH_SDK_TRY(type, session.number(object, CKA_CERTIFICATE_TYPE));
    if (type != CKC_X_509) return unusable("the certificate on the token is not an X.509 one");
    HEARTH_SDK_TRY(der, session.attribute(object, CKA_VALUE));
    if (!der) return unusable("the token does not tell its certificate");
    return PublicKey::of_certificate(*der);
}

/// What was found so far.
struct Found {
    std::vector<PublicKey> keys;
    std::optional<sdk::Error> why_not;

    void add(sdk::Result<PublicKey> key) {
        if (!key) {
            if (!why_not) why_not = std::move(key).error();
            return;
        }
        for (const auto& known : keys)
            if (known.is_same(*key)) return;
        keys.push_back(*std::move(key));
    }
};

sdk::Result<void> add_all(sdk::Op op, const Session& session, const Uri& uri, CK_OBJECT_CLASS kind,
                          Found& found) {
    auto wanted = uri.object_attributes();
    wanted.push_back({CKA_CLASS, &kind, sizeof kind});
    HEARTH_SDK_TRY(objects, session.find(std::move(wanted)));
    for (const auto object : objects) {
        HEARTH_SDK_CHECK(go_on(op));
        found.add(kind == CKO_CERTIFICATE ? read_certificate(session, object)
                                          : read_key(session, object));
    }
    return sdk::ok();
}

}  // namespace

sdk::Result<PublicKey> find_public_key(sdk::Op op, const Session& session, const Uri& uri) {
    Found found;
    for (const CK_OBJECT_CLASS kind : {CKO_PUBLIC_KEY, CKO_CERTIFICATE})
        HEARTH_SDK_CHECK(add_all(op, session, uri, kind, found));
    if (found.keys.size() == 1) return found.keys.front();
    if (found.keys.size() > 1)
        return sdk::Error(
            HEARTH_E_INVALID_ARGUMENT,
            "the token has several keys: say in the URI which one, by id= or object=");
    if (found.why_not) return *found.why_not;
    return unusable("the token has neither a public key nor a certificate where the URI points to");
}

}  // namespace hearth::pkcs11
