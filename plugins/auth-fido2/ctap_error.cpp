// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ctap_error.hpp"

#include <fido.h>

#include <algorithm>
#include <array>

namespace hearth::fido2 {

namespace {

struct Meaning {
    int answer;
    hearth_status code;
    const char* text;
};

constexpr std::array kMeanings = {
    Meaning{FIDO_ERR_NO_CREDENTIALS, HEARTH_E_NEED_TOKEN,
            "the security key is another one than was enrolled"},
    Meaning{FIDO_ERR_INVALID_CREDENTIAL, HEARTH_E_NEED_TOKEN,
            "the security key is another one than was enrolled"},
    Meaning{FIDO_ERR_PIN_REQUIRED, HEARTH_E_NEED_PIN, "the security key asks for its PIN"},
    Meaning{FIDO_ERR_PIN_INVALID, HEARTH_E_BAD_PIN, "a wrong PIN"},
    Meaning{FIDO_ERR_PIN_BLOCKED, HEARTH_E_PIN_LOCKED,
            "the PIN of the security key is locked after too many wrong ones; only a reset, which "
            "forgets all keys, makes it work again"},
    Meaning{FIDO_ERR_PIN_AUTH_BLOCKED, HEARTH_E_PIN_LOCKED,
            "the security key takes no PIN any more until it is pulled out and plugged in again"},
    Meaning{FIDO_ERR_UV_BLOCKED, HEARTH_E_PIN_LOCKED,
            "the security key recognizes nobody any more until its PIN is used"},
    Meaning{FIDO_ERR_UV_INVALID, HEARTH_E_NEED_VERIFICATION,
            "the security key did not recognize its owner"},
    Meaning{
        FIDO_ERR_PIN_NOT_SET, HEARTH_E_NOT_SUPPORTED,
        "the security key has no PIN, and had one when it was enrolled: it may have been reset"},
    Meaning{FIDO_ERR_UP_REQUIRED, HEARTH_E_NEED_PRESENCE, "the security key has to be touched"},
    Meaning{FIDO_ERR_USER_PRESENCE_REQUIRED, HEARTH_E_NEED_PRESENCE,
            "the security key has to be touched"},
    Meaning{FIDO_ERR_USER_ACTION_TIMEOUT, HEARTH_E_TOKEN_TIMEOUT,
            "nobody touched the security key in time"},
    Meaning{FIDO_ERR_ACTION_TIMEOUT, HEARTH_E_TOKEN_TIMEOUT,
            "nobody touched the security key in time"},
    Meaning{FIDO_ERR_OPERATION_DENIED, HEARTH_E_TOKEN_TIMEOUT,
            "it was refused at the security key"},
    Meaning{FIDO_ERR_KEEPALIVE_CANCEL, HEARTH_E_TOKEN_TIMEOUT,
            "it was cancelled at the security key"},
    Meaning{FIDO_ERR_UNSUPPORTED_OPTION, HEARTH_E_NOT_SUPPORTED,
            "the security key cannot do what it did when it was enrolled"},
    Meaning{FIDO_ERR_INVALID_OPTION, HEARTH_E_NOT_SUPPORTED,
            "the security key cannot do what it did when it was enrolled"},
    Meaning{FIDO_ERR_UNSUPPORTED_EXTENSION, HEARTH_E_NOT_SUPPORTED,
            "the security key does not have the extension hmac-secret"},
    Meaning{FIDO_ERR_UNSUPPORTED_ALGORITHM, HEARTH_E_NOT_SUPPORTED,
            "the security key does not know the algorithm"},
    Meaning{FIDO_ERR_KEY_STORE_FULL, HEARTH_E_NO_SPACE,
            "there is no room left on the security key"},
};

}  // namespace

bool is_nonsense(int answer) {
    // What libfido2 says itself, where it did not understand the key.
    return answer == FIDO_ERR_TX || answer == FIDO_ERR_RX || answer == FIDO_ERR_RX_NOT_CBOR ||
           answer == FIDO_ERR_RX_INVALID_CBOR || answer == FIDO_ERR_INVALID_SIG;
}

sdk::Error ctap_error(int answer, const std::string& what) {
    const auto* const found =
        std::find_if(kMeanings.begin(), kMeanings.end(),
                     [&](const Meaning& meaning) { return meaning.answer == answer; });
    if (found != kMeanings.end()) return {found->code, what + " failed: " + found->text};
    if (is_nonsense(answer))
        return {HEARTH_E_IO, what + " failed: the security key does not answer as one"};
    return {HEARTH_E_IO, what + " failed: the security key says " + fido_strerr(answer)};
}

}  // namespace hearth::fido2
