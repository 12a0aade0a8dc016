// SPDX-License-Identifier: LGPL-2.1-or-later
#include "private_key.hpp"

#include <algorithm>
#include <array>

#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

struct Use {
    CK_KEY_TYPE type;
    CK_ATTRIBUTE_TYPE may;
    const char* none;
    const char* several;
};
constexpr Use kDecrypts{CKK_RSA, CKA_DECRYPT,
                        "the token has no RSA key that may decrypt, where the URI points to",
                        "the token has several RSA keys where the URI points to"};
constexpr Use kDerives{
    CKK_EC, CKA_DERIVE,
    "the token has no key on a curve that may agree on secrets, where the URI points to",
    "the token has several keys on curves where the URI points to"};

sdk::Error corrupt(const char* why) {
    return {HEARTH_E_CORRUPT, why};
}

sdk::Result<bool> fits(const Session& session, CK_OBJECT_HANDLE key, const Use& use) {
    HEARTH_SDK_TRY(type, session.number(key, CKA_KEY_TYPE));
    if (type != use.type) return false;
    return session.flag(key, use.may);
}

sdk::Result<CK_OBJECT_HANDLE> find_key(const Session& session, const Uri& uri, const Use& use) {
    CK_OBJECT_CLASS is_private = CKO_PRIVATE_KEY;
    auto wanted = uri.object_attributes();
    wanted.push_back({CKA_CLASS, &is_private, sizeof is_private});
    HEARTH_SDK_TRY(found, session.find(std::move(wanted)));
    std::vector<CK_OBJECT_HANDLE> fitting;
    for (const auto key : found) {
        HEARTH_SDK_TRY(does_fit, fits(session, key, use));
        if (does_fit) fitting.push_back(key);
    }
    if (fitting.size() == 1) return fitting.front();
    return sdk::Error(HEARTH_E_NOT_SUPPORTED, fitting.empty() ? use.none : use.several);
}

sdk::Result<sdk::Secret> copy_of(sdk::Op op, std::span<const std::byte> bytes) {
    HEARTH_SDK_TRY(out, op.new_secret(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), out.bytes().begin());
    return out;
}

sdk::Error decrypt_error(CK_RV answer) {
    switch (answer) {
        case CKR_ENCRYPTED_DATA_INVALID:
        case CKR_DATA_INVALID:
            return corrupt("the encrypted key in the record is not for this token, or damaged");
        case CKR_ENCRYPTED_DATA_LEN_RANGE:
        case CKR_DATA_LEN_RANGE:
            return corrupt("the encrypted key in the record is not as long as the token's key");
        default:
            return token_error(answer, "decrypting with the token");
    }
}

/// What tokens also say of a text that they cannot decrypt, once they have begun.
bool is_vague(CK_RV answer) {
    return answer == CKR_GENERAL_ERROR || answer == CKR_FUNCTION_FAILED;
}

/// Tokens say all kinds of things about such a text; here it is told apart from a damaged one.
sdk::Result<void> check_size(const Session& session, CK_OBJECT_HANDLE key, const Entry& entry) {
    HEARTH_SDK_TRY(modulus, session.attribute(key, CKA_MODULUS));
    if (!modulus) return sdk::ok();
    const auto first =
        std::find_if(modulus->begin(), modulus->end(), [](auto b) { return b != 0; });
    const auto size = static_cast<std::size_t>(modulus->end() - first);
    if (size == 0 || entry.data.size() == size) return sdk::ok();
    return entry.data.size() < size
               ? corrupt("the encrypted key in the record has been cut short")
               : corrupt("the encrypted key in the record is longer than the token's key");
}

sdk::Result<sdk::Secret> decrypt(sdk::Op op, const Session& session, CK_OBJECT_HANDLE key,
                                 const Entry& entry) {
    HEARTH_SDK_CHECK(check_size(session, key, entry));
    const bool is_256 = entry.padding == Padding::oaep_sha256;
    CK_RSA_PKCS_OAEP_PARAMS oaep{is_256 ? CKM_SHA256 : CKM_SHA_1,
                                 is_256 ? CKG_MGF1_SHA256 : CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED,
                                 nullptr, 0};
    CK_MECHANISM how{CKM_RSA_PKCS, nullptr, 0};
    if (entry.padding != Padding::pkcs1) how = {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep};
    HEARTH_SDK_CHECK(go_on(op));
    CK_RV answer = session.module()->C_DecryptInit(session.handle(), &how, key);
    if (answer != CKR_OK) return decrypt_error(answer);
    Bytes data = entry.data;
    HEARTH_SDK_TRY(room, op.new_secret(data.size()));
    CK_ULONG size = data.size();
    answer =
        session.module()->C_Decrypt(session.handle(), data.data(), data.size(),
                                    reinterpret_cast<unsigned char*>(room.bytes().data()), &size);
    if (answer != CKR_OK)
        return decrypt_error(is_vague(answer) ? CKR_ENCRYPTED_DATA_INVALID : answer);
    if (size == 0 || size > data.size())
        return corrupt("the token decrypts the key in the record to nothing");
    return copy_of(op, room.bytes().first(size));
}

/// A few tokens take the short form of points only.
bool takes_short_form(const Session& session) {
    CK_MECHANISM_INFO info{};
    return session.module()->C_GetMechanismInfo(session.slot(), CKM_ECDH1_DERIVE, &info) ==
               CKR_OK &&
           (info.flags & CKF_EC_COMPRESS) != 0 && (info.flags & CKF_EC_UNCOMPRESS) == 0;
}

/// A secret that the token made a moment ago, gone from there when this is destroyed.
class Derived {
  public:
    Derived(const Session& session, CK_OBJECT_HANDLE object) : session_(session), object_(object) {}
    Derived(const Derived&) = delete;
    Derived& operator=(const Derived&) = delete;
    ~Derived() { session_.module()->C_DestroyObject(session_.handle(), object_); }

    /// Always `size` bytes: tokens may leave out zeros in front.
    sdk::Result<sdk::Secret> read(sdk::Op op, std::size_t size) const {
        HEARTH_SDK_TRY(room, op.new_secret(size));
        CK_ATTRIBUTE value{CKA_VALUE, room.bytes().data(), size};
        const CK_RV answer =
            session_.module()->C_GetAttributeValue(session_.handle(), object_, &value, 1);
        if (answer != CKR_OK) return token_error(answer, "reading the secret from the token");
        if (value.ulValueLen == 0 || value.ulValueLen > size)
            return corrupt("the token makes a secret of another size than its curve");
        HEARTH_SDK_TRY(out, op.new_secret(size));
        std::copy_n(room.bytes().begin(), value.ulValueLen,
                    out.bytes().end() - static_cast<std::ptrdiff_t>(value.ulValueLen));
        return out;
    }

  private:
    const Session& session_;
    CK_OBJECT_HANDLE object_;
};

CK_RV derive_object(const Session& session, CK_OBJECT_HANDLE key, Bytes& point,
                    CK_OBJECT_HANDLE& out) {
    CK_ECDH1_DERIVE_PARAMS params{CKD_NULL, 0, nullptr, point.size(), point.data()};
    CK_MECHANISM how{CKM_ECDH1_DERIVE, &params, sizeof params};
    CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_BBOOL yes = 1;
    CK_BBOOL no = 0;
    std::array wanted = {
        CK_ATTRIBUTE{CKA_TOKEN, &no, sizeof no}, CK_ATTRIBUTE{CKA_CLASS, &kind, sizeof kind},
        CK_ATTRIBUTE{CKA_KEY_TYPE, &type, sizeof type}, CK_ATTRIBUTE{CKA_SENSITIVE, &no, sizeof no},
        CK_ATTRIBUTE{CKA_EXTRACTABLE, &yes, sizeof yes}};
    return session.module()->C_DeriveKey(session.handle(), &how, key, wanted.data(), wanted.size(),
                                         &out);
}

sdk::Result<sdk::Secret> derive(sdk::Op op, const Session& session, CK_OBJECT_HANDLE key,
                                const Entry& entry) {
    const Curve& curve = *curve_of_point(entry.data);
    if (!PublicKey::of_point(curve, entry.data))
        return corrupt("the point in the record does not lie on its curve");
    Bytes point = takes_short_form(session) ? compressed(entry.data) : entry.data;
    HEARTH_SDK_CHECK(go_on(op));
    CK_OBJECT_HANDLE object = 0;
    const CK_RV answer = derive_object(session, key, point, object);
    if (answer == CKR_MECHANISM_PARAM_INVALID || answer == CKR_DATA_INVALID)
        return corrupt("the point in the record is not for the key on the token");
    if (answer != CKR_OK) return token_error(answer, "agreeing on a secret with the token");
    return Derived(session, object).read(op, curve.size);
}

}  // namespace

sdk::Result<sdk::Secret> reveal(sdk::Op op, const Session& session, const Uri& uri,
                                const Entry& entry) {
    HEARTH_SDK_CHECK(go_on(op));
    HEARTH_SDK_TRY(key, find_key(session, uri, entry.is_point() ? kDerives : kDecrypts));
    return entry.is_point() ? derive(op, session, key, entry) : decrypt(op, session, key, entry);
}

}  // namespace hearth::pkcs11
