// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <array>
#include <cstring>
#include <utility>

#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

constexpr std::size_t kMostObjects = 512;
constexpr std::size_t kMostBytes = std::size_t{64} * 1024;

/// Has the object no such attribute, or none that it shows?
bool is_untold(CK_RV answer, const CK_ATTRIBUTE& attribute) {
    return answer == CKR_ATTRIBUTE_TYPE_INVALID || answer == CKR_ATTRIBUTE_SENSITIVE ||
           attribute.ulValueLen == static_cast<CK_ULONG>(-1);
}

}  // namespace

sdk::Result<Session> Session::open(const Token& token) {
    CK_SESSION_HANDLE handle = 0;
    const CK_RV answer =
        token.module->C_OpenSession(token.slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle);
    if (answer != CKR_OK) return token_error(answer, "talking to the token");
    return Session(token, handle);
}

Session::Session(const Token& token, CK_SESSION_HANDLE handle)
    : module_(token.module), slot_(token.slot), handle_(handle) {}

Session::Session(Session&& other) noexcept
    : module_(std::exchange(other.module_, nullptr)),
      slot_(other.slot_),
      handle_(other.handle_),
      is_logged_in_(other.is_logged_in_) {}

Session::~Session() {
    if (module_ == nullptr) return;
    if (is_logged_in_) module_->C_Logout(handle_);
    module_->C_CloseSession(handle_);
}

CK_RV Session::log_in(std::string_view pin) {
    auto* bytes =
        pin.empty() ? nullptr : reinterpret_cast<unsigned char*>(const_cast<char*>(pin.data()));
    const CK_RV answer = module_->C_Login(handle_, CKU_USER, bytes, pin.size());
    is_logged_in_ = is_logged_in_ || answer == CKR_OK;
    return answer;
}

sdk::Result<std::vector<CK_OBJECT_HANDLE>> Session::find(std::vector<CK_ATTRIBUTE> wanted) const {
    CK_RV answer = module_->C_FindObjectsInit(handle_, wanted.data(), wanted.size());
    if (answer != CKR_OK) return token_error(answer, "looking for keys");
    std::vector<CK_OBJECT_HANDLE> out;
    std::array<CK_OBJECT_HANDLE, 16> some{};
    CK_ULONG count = 0;
    do {
        answer = module_->C_FindObjects(handle_, some.data(), some.size(), &count);
        if (answer != CKR_OK || count > some.size()) break;
        out.insert(out.end(), some.begin(), some.begin() + count);
    } while (count > 0 && out.size() < kMostObjects);
    module_->C_FindObjectsFinal(handle_);
    if (answer != CKR_OK) return token_error(answer, "looking for keys");
    return out;
}

sdk::Result<std::optional<Bytes>> Session::attribute(CK_OBJECT_HANDLE object,
                                                     CK_ATTRIBUTE_TYPE type) const {
    CK_ATTRIBUTE wanted{type, nullptr, 0};
    CK_RV answer = module_->C_GetAttributeValue(handle_, object, &wanted, 1);
    if (is_untold(answer, wanted)) return std::optional<Bytes>();
    if (answer != CKR_OK) return token_error(answer, "reading from the token");
    if (wanted.ulValueLen > kMostBytes)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED, "something on the token is far too long");
    Bytes out(wanted.ulValueLen);
    if (out.empty()) return std::optional(std::move(out));
    wanted.pValue = out.data();
    answer = module_->C_GetAttributeValue(handle_, object, &wanted, 1);
    if (answer != CKR_OK || wanted.ulValueLen > out.size())
        return token_error(answer != CKR_OK ? answer : CKR_DEVICE_ERROR, "reading from the token");
    out.resize(wanted.ulValueLen);
    return std::optional(std::move(out));
}

sdk::Result<std::optional<CK_ULONG>> Session::number(CK_OBJECT_HANDLE object,
                                                     CK_ATTRIBUTE_TYPE type) const {
    HEARTH_SDK_TRY(bytes, attribute(object, type));
    CK_ULONG out = 0;
    if (!bytes || bytes->size() != sizeof out) return std::optional<CK_ULONG>();
    std::memcpy(&out, bytes->data(), sizeof out);
    return std::optional(out);
}

sdk::Result<bool> Session::flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    HEARTH_SDK_TRY(bytes, attribute(object, type));
    return bytes && bytes->size() == sizeof(CK_BBOOL) && bytes->front() != 0;
}

}  // namespace hearth::pkcs11
