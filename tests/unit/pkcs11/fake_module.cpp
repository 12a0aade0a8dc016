// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fake_module.hpp"

#include <openssl/rsa.h>

#include <algorithm>
#include <cstring>
#include <optional>

// The functions of PKCS#11 that the plugin calls, with one session at a time for each token: its
// handle is the slot and one. Objects are numbered from 1.

namespace hearth::pkcs11::test {

namespace {

FakeModule* current = nullptr;
std::vector<CK_OBJECT_HANDLE> found;
CK_OBJECT_HANDLE decrypting = 0;
CK_MECHANISM_TYPE how = 0;
bool with_sha256 = false;

FakeToken& token_of(CK_SESSION_HANDLE session) {
    return current->tokens[session - 1];
}

std::optional<CK_RV> other_answer(FakeToken& token, const char* name) {
    if (current->on_call) current->on_call(name);
    const auto wanted = token.answers.find(name);
    if (wanted != token.answers.end()) return wanted->second;
    if (token.is_lost_after_login && token.is_logged_in) return CKR_DEVICE_REMOVED;
    return std::nullopt;
}

#define ANSWER_OTHERWISE(token, name) \
    if (const auto other = other_answer(token, name)) return *other

Object* object_of(FakeToken& token, CK_OBJECT_HANDLE handle) {
    return handle == 0 || handle > token.objects.size() ? nullptr : &token.objects[handle - 1];
}

CK_RV get_info(CK_INFO* info) {
    if (current->answers.contains("C_GetInfo")) return current->answers["C_GetInfo"];
    *info = {};
    std::memset(info->manufacturerID, ' ', sizeof info->manufacturerID);
    std::memset(info->libraryDescription, ' ', sizeof info->libraryDescription);
    return CKR_OK;
}

CK_RV get_slot_list(CK_BBOOL, CK_SLOT_ID* list, CK_ULONG* count) {
    if (current->answers.contains("C_GetSlotList")) return current->answers["C_GetSlotList"];
    for (CK_ULONG i = 0; list != nullptr && i < current->tokens.size(); ++i) list[i] = i;
    *count = current->tokens.size();
    return CKR_OK;
}

CK_RV get_slot_info(CK_SLOT_ID, CK_SLOT_INFO* info) {
    *info = {};
    std::memset(info->slotDescription, ' ', sizeof info->slotDescription);
    std::memset(info->manufacturerID, ' ', sizeof info->manufacturerID);
    info->flags = CKF_TOKEN_PRESENT;
    return CKR_OK;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
    ANSWER_OTHERWISE(current->tokens[slot], "C_GetTokenInfo");
    *info = current->tokens[slot].info;
    return CKR_OK;
}

CK_RV get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE* list, CK_ULONG* count) {
    const auto& all = current->tokens[slot].mechanisms;
    if (list != nullptr) std::copy(all.begin(), all.end(), list);
    *count = all.size();
    return CKR_OK;
}

CK_RV get_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE, CK_MECHANISM_INFO* info) {
    *info = {};
    info->flags =
        current->tokens[slot].takes_short_points_only ? CKF_EC_COMPRESS : CKF_EC_UNCOMPRESS;
    return CKR_OK;
}

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
    ANSWER_OTHERWISE(current->tokens[slot], "C_OpenSession");
    ++current->tokens[slot].sessions;
    *session = slot + 1;
    return CKR_OK;
}

CK_RV close_session(CK_SESSION_HANDLE session) {
    --token_of(session).sessions;
    return CKR_OK;
}

CK_RV count_wrong(FakeToken& token) {
    --token.tries;
    token.info.flags |= CKF_USER_PIN_COUNT_LOW;
    if (token.tries == 1) token.info.flags |= CKF_USER_PIN_FINAL_TRY;
    if (token.tries == 0) token.info.flags |= CKF_USER_PIN_LOCKED;
    return CKR_PIN_INCORRECT;
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE, unsigned char* pin, CK_ULONG size) {
    FakeToken& token = token_of(session);
    const bool is_there = pin == nullptr;
    token.pins_seen.emplace_back(is_there ? "(there)"
                                          : std::string(reinterpret_cast<char*>(pin), size));
    ANSWER_OTHERWISE(token, "C_Login");
    if (token.tries == 0) return CKR_PIN_LOCKED;
    if (!is_there && token.pins_seen.back() != token.pin) return count_wrong(token);
    token.is_logged_in = true;
    return CKR_OK;
}

CK_RV logout(CK_SESSION_HANDLE session) {
    token_of(session).is_logged_in = false;
    return CKR_OK;
}

bool has_all(const Object& object, const CK_ATTRIBUTE* wanted, CK_ULONG count) {
    return std::all_of(wanted, wanted + count, [&](const CK_ATTRIBUTE& one) {
        const auto has = object.attributes.find(one.type);
        return has != object.attributes.end() && has->second.size() == one.ulValueLen &&
               std::memcmp(has->second.data(), one.pValue, one.ulValueLen) == 0;
    });
}

CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count) {
    FakeToken& token = token_of(session);
    ANSWER_OTHERWISE(token, "C_FindObjectsInit");
    found.clear();
    for (CK_OBJECT_HANDLE i = 1; i <= token.objects.size(); ++i)
        if (has_all(token.objects[i - 1], wanted, count)) found.push_back(i);
    return CKR_OK;
}

CK_RV find_objects(CK_SESSION_HANDLE, CK_OBJECT_HANDLE* list, CK_ULONG most, CK_ULONG* count) {
    *count = std::min<CK_ULONG>(most, found.size());
    std::copy_n(found.begin(), *count, list);
    found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(*count));
    return CKR_OK;
}

CK_RV find_final(CK_SESSION_HANDLE) {
    return CKR_OK;
}

CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE handle, CK_ATTRIBUTE* wanted,
                    CK_ULONG) {
    FakeToken& token = token_of(session);
    ANSWER_OTHERWISE(token, "C_GetAttributeValue");
    const Object* object = object_of(token, handle);
    if (object == nullptr) return CKR_OBJECT_HANDLE_INVALID;
    const auto has = object->attributes.find(wanted->type);
    const CK_ULONG room = wanted->ulValueLen;
    wanted->ulValueLen = static_cast<CK_ULONG>(-1);
    if (has == object->attributes.end()) return CKR_ATTRIBUTE_TYPE_INVALID;
    if (wanted->pValue != nullptr) {
        if (room < has->second.size()) return CKR_BUFFER_TOO_SMALL;
        std::copy(has->second.begin(), has->second.end(),
                  static_cast<std::uint8_t*>(wanted->pValue));
    }
    wanted->ulValueLen = has->second.size();
    return CKR_OK;
}

CK_RV decrypt_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
    FakeToken& token = token_of(session);
    ANSWER_OTHERWISE(token, "C_DecryptInit");
    if (token.has_login() && !token.is_logged_in) return CKR_USER_NOT_LOGGED_IN;
    how = mechanism->mechanism;
    with_sha256 = false;
    if (how == CKM_RSA_PKCS_OAEP) {
        const auto* oaep = static_cast<CK_RSA_PKCS_OAEP_PARAMS*>(mechanism->pParameter);
        with_sha256 = oaep->hashAlg == CKM_SHA256;
        if (with_sha256 != (oaep->mgf == CKG_MGF1_SHA256) || oaep->source != CKZ_DATA_SPECIFIED)
            return CKR_ARGUMENTS_BAD;
    }
    if (with_sha256 && !token.knows_sha256) return CKR_ARGUMENTS_BAD;
    if (std::count(token.mechanisms.begin(), token.mechanisms.end(), how) == 0)
        return CKR_MECHANISM_INVALID;
    decrypting = key;
    return CKR_OK;
}

CK_RV decrypt(CK_SESSION_HANDLE session, unsigned char* data, CK_ULONG size, unsigned char* out,
              CK_ULONG* out_size) {
    FakeToken& token = token_of(session);
    ANSWER_OTHERWISE(token, "C_Decrypt");
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(object_of(token, decrypting)->key.get(), nullptr);
    EVP_PKEY_decrypt_init(context);
    EVP_PKEY_CTX_set_rsa_padding(context,
                                 how == CKM_RSA_PKCS ? RSA_PKCS1_PADDING : RSA_PKCS1_OAEP_PADDING);
    if (with_sha256) EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256());
    const bool is_done = EVP_PKEY_decrypt(context, out, out_size, data, size) == 1;
    EVP_PKEY_CTX_free(context);
    return is_done ? CKR_OK : CKR_ENCRYPTED_DATA_INVALID;
}

/// ECDH with whatever form of the point the token takes.
Bytes agree_with(EVP_PKEY* own, const unsigned char* point, std::size_t size) {
    EVP_PKEY* other = EVP_PKEY_new();
    EVP_PKEY_copy_parameters(other, own);
    Bytes out;
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(own, nullptr);
    std::size_t length = 0;
    if (EVP_PKEY_set1_encoded_public_key(other, point, size) == 1 &&
        EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, other) == 1 &&
        EVP_PKEY_derive(context, nullptr, &length) == 1) {
        out.resize(length);
        EVP_PKEY_derive(context, out.data(), &length);
    }
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(other);
    return out;
}

CK_RV derive_key(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key,
                 CK_ATTRIBUTE*, CK_ULONG, CK_OBJECT_HANDLE* out) {
    FakeToken& token = token_of(session);
    ANSWER_OTHERWISE(token, "C_DeriveKey");
    const auto* params = static_cast<CK_ECDH1_DERIVE_PARAMS*>(mechanism->pParameter);
    const bool is_short = params->pPublicData[0] != 4;
    if (is_short != token.takes_short_points_only || params->kdf != CKD_NULL)
        return CKR_MECHANISM_PARAM_INVALID;
    Bytes secret =
        agree_with(object_of(token, key)->key.get(), params->pPublicData, params->ulPublicDataLen);
    if (secret.empty()) return CKR_MECHANISM_PARAM_INVALID;
    if (token.drops_zeros)
        secret.erase(secret.begin(), std::find_if(secret.begin(), secret.end(),
                                                  [](auto byte) { return byte != 0; }));
    Object made;
    made.attributes[CKA_VALUE] = secret;
    token.objects.push_back(made);
    *out = token.objects.size();
    return CKR_OK;
}

CK_RV destroy_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
    FakeToken& token = token_of(session);
    if (object != token.objects.size()) return CKR_OBJECT_HANDLE_INVALID;
    token.objects.pop_back();
    return CKR_OK;
}

CK_FUNCTION_LIST make_functions() {
    CK_FUNCTION_LIST out{};
    out.C_GetInfo = get_info;
    out.C_GetSlotList = get_slot_list;
    out.C_GetSlotInfo = get_slot_info;
    out.C_GetTokenInfo = get_token_info;
    out.C_GetMechanismList = get_mechanism_list;
    out.C_GetMechanismInfo = get_mechanism_info;
    out.C_OpenSession = open_session;
    out.C_CloseSession = close_session;
    out.C_Login = login;
    out.C_Logout = logout;
    out.C_FindObjectsInit = find_init;
    out.C_FindObjects = find_objects;
    out.C_FindObjectsFinal = find_final;
    out.C_GetAttributeValue = get_attribute;
    out.C_DecryptInit = decrypt_init;
    out.C_Decrypt = decrypt;
    out.C_DeriveKey = derive_key;
    out.C_DestroyObject = destroy_object;
    return out;
}

}  // namespace

FakeModule::FakeModule() {
    current = this;
}

FakeModule::~FakeModule() {
    current = nullptr;
}

CK_FUNCTION_LIST* FakeModule::functions() {
    static CK_FUNCTION_LIST list = make_functions();
    return &list;
}

}  // namespace hearth::pkcs11::test
