// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

hearth_status code_of(CK_RV answer) {
    switch (answer) {
        case CKR_HOST_MEMORY:
            return HEARTH_E_NO_MEMORY;
        case CKR_TOKEN_NOT_PRESENT:
        case CKR_TOKEN_NOT_RECOGNIZED:
        case CKR_DEVICE_REMOVED:
        case CKR_SLOT_ID_INVALID:
            return HEARTH_E_NEED_TOKEN;
        case CKR_FUNCTION_CANCELED:
            return HEARTH_E_TOKEN_TIMEOUT;
        case CKR_PIN_LOCKED:
            return HEARTH_E_PIN_LOCKED;
        default:
            return HEARTH_E_IO;
    }
}

}  // namespace

sdk::Error token_error(CK_RV answer, const std::string& what) {
    return {code_of(answer), what + " failed: " + p11_kit_strerror(answer)};
}

}  // namespace hearth::pkcs11
