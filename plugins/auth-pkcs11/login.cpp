// SPDX-License-Identifier: LGPL-2.1-or-later
#include "login.hpp"

#include <algorithm>

#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

bool is_wrong(CK_RV answer) {
    return answer == CKR_PIN_INCORRECT || answer == CKR_PIN_LEN_RANGE || answer == CKR_PIN_INVALID;
}

bool is_in(CK_RV answer) {
    return answer == CKR_OK || answer == CKR_USER_ALREADY_LOGGED_IN;
}

sdk::Error locked() {
    return {HEARTH_E_PIN_LOCKED, "the PIN of the token is locked after too many wrong ones"};
}

/// How bad it is, as the token itself says.
sdk::Error wrong_pin(const Token& token) {
    if (token.has(CKF_USER_PIN_LOCKED)) return locked();
    if (token.has(CKF_USER_PIN_FINAL_TRY))
        return {HEARTH_E_BAD_PIN_ONE_LEFT, "a wrong PIN, and one try is left"};
    if (token.has(CKF_USER_PIN_COUNT_LOW))
        return {HEARTH_E_BAD_PIN_FEW_LEFT, "a wrong PIN, and few tries are left"};
    return {HEARTH_E_BAD_PIN, "a wrong PIN"};
}

sdk::Error login_error(CK_RV answer) {
    switch (answer) {
        case CKR_PIN_LOCKED:
            return locked();
        case CKR_USER_PIN_NOT_INITIALIZED:
            return {HEARTH_E_NOT_SUPPORTED, "the token asks for a PIN, and none has been set"};
        case CKR_PIN_EXPIRED:
            return {HEARTH_E_NOT_SUPPORTED, "the PIN of the token has to be changed first"};
        default:
            return token_error(answer, "logging in to the token");
    }
}

/// The PINs that the person gave, without those that a token would have to refuse twice.
std::vector<std::string_view> different_pins(sdk::Op op) {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < op.secret_count(HEARTH_SECRET_PIN); ++i) {
        const auto pin = op.secret(HEARTH_SECRET_PIN, i).text();
        if (!pin.empty() && std::find(out.begin(), out.end(), pin) == out.end()) out.push_back(pin);
    }
    return out;
}

sdk::Result<void> log_in_there(sdk::Op op, Session& session, Token& token) {
    if ((op.permissions() & HEARTH_PERMIT_PROTECTED_PATH) == 0)
        return sdk::Error(HEARTH_E_NEED_PROTECTED_PATH, "the PIN is to be typed at the token");
    const CK_RV answer = session.log_in({});
    if (is_in(answer)) return sdk::ok();
    token.refresh();
    return is_wrong(answer) ? wrong_pin(token) : login_error(answer);
}

sdk::Result<void> log_in_with_pins(sdk::Op op, Session& session, Token& token) {
    const auto pins = different_pins(op);
    if (pins.empty()) return sdk::Error(HEARTH_E_NEED_PIN, "the token asks for a PIN");
    for (const auto pin : pins) {
        HEARTH_SDK_CHECK(go_on(op));
        const CK_RV answer = session.log_in(pin);
        if (is_in(answer)) return sdk::ok();
        if (!is_wrong(answer)) return login_error(answer);
        token.refresh();
        if (token.has(CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) break;
    }
    return wrong_pin(token);
}

}  // namespace

sdk::Result<void> log_in(sdk::Op op, Session& session, Token& token) {
    HEARTH_SDK_CHECK(go_on(op));
    if (!token.has(CKF_LOGIN_REQUIRED)) return sdk::ok();
    if (token.has(CKF_USER_PIN_LOCKED)) return locked();
    if (token.has(CKF_PROTECTED_AUTHENTICATION_PATH)) return log_in_there(op, session, token);
    return log_in_with_pins(op, session, token);
}

}  // namespace hearth::pkcs11
