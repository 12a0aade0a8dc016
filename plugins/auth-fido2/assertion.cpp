// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assertion.hpp"

#include <cstring>

#include "ctap_error.hpp"

namespace hearth::fido2 {

namespace {

constexpr std::size_t kSecretSize = 32;

using Assertion = std::unique_ptr<fido_assert_t, void (*)(fido_assert_t*)>;

/// libfido2 sends no word about an option that the key does not have.
fido_opt_t option(bool is_known, bool value) {
    if (!is_known) return FIDO_OPT_OMIT;
    return value ? FIDO_OPT_TRUE : FIDO_OPT_FALSE;
}

sdk::Result<Assertion> new_assertion(const Entry& entry, fido_opt_t presence) {
    Assertion out(fido_assert_new(),
                  [](fido_assert_t* assertion) { fido_assert_free(&assertion); });
    if (out && fido_assert_set_rp(out.get(), kRelyingParty) == FIDO_OK &&
        fido_assert_set_clientdata_hash(out.get(), kNothingToSign.data(), kNothingToSign.size()) ==
            FIDO_OK &&
        fido_assert_allow_cred(out.get(), entry.credential.data(), entry.credential.size()) ==
            FIDO_OK &&
        fido_assert_set_up(out.get(), presence) == FIDO_OK)
        return out;
    return sdk::Error(HEARTH_E_NO_MEMORY, "there is no memory for asking a security key");
}

sdk::Result<Assertion> question(const Device& device, const Entry& entry) {
    const auto& abilities = device.abilities();
    HEARTH_SDK_TRY(
        out, new_assertion(entry, option(abilities.presence, entry.presence.value_or(false))));
    const bool says_verification = abilities.verification && entry.verification.has_value();
    if (fido_assert_set_extensions(out.get(), FIDO_EXT_HMAC_SECRET) == FIDO_OK &&
        fido_assert_set_hmac_salt(out.get(), entry.salt.data(), entry.salt.size()) == FIDO_OK &&
        fido_assert_set_uv(
            out.get(), option(says_verification, entry.verification.value_or(false))) == FIDO_OK)
        return out;
    return sdk::Error(HEARTH_E_NO_MEMORY, "there is no memory for asking a security key");
}

sdk::Result<sdk::Secret> take_secret(sdk::Op op, const fido_assert_t* assertion) {
    const auto* bytes = fido_assert_hmac_secret_ptr(assertion, 0);
    if (bytes == nullptr || fido_assert_hmac_secret_len(assertion, 0) != kSecretSize)
        return sdk::Error(HEARTH_E_IO, "the security key gave no secret");
    HEARTH_SDK_TRY(out, op.new_secret(kSecretSize));
    std::memcpy(out.bytes().data(), bytes, kSecretSize);
    return out;
}

/// What the entry needs and the key has no more.
sdk::Result<void> is_able(const Device& device, const Entry& entry) {
    if (entry.verification.value_or(false) && !device.abilities().verification)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED,
                          "the security key does not know how to recognize its owner");
    if (entry.pin.value_or(false) && !device.abilities().has_pin)
        return ctap_error(FIDO_ERR_PIN_NOT_SET, "asking for the secret");
    return sdk::ok();
}

/// Does the key ask for something that the entry leaves open? A touch does not change the secret,
/// a PIN does.
bool adapt(int answer, const Device& device, Entry& entry) {
    const bool wants_touch =
        answer == FIDO_ERR_UP_REQUIRED || answer == FIDO_ERR_UNSUPPORTED_OPTION;
    if (wants_touch && device.abilities().presence && !entry.presence.value_or(false)) {
        entry.presence = true;
        return true;
    }
    if (answer != FIDO_ERR_PIN_REQUIRED || entry.pin) return false;
    entry.pin = true;
    return true;
}

sdk::Result<int> ask(sdk::Op op, Device& device, const Entry& entry, PinTries& pins,
                     fido_assert_t* assertion) {
    if (entry.pin.value_or(false))
        return pins.with_pin([&](fido_dev_t* handle, const char* pin) {
            return fido_dev_get_assert(handle, assertion, pin);
        });
    return device.talk(
        op, [&](fido_dev_t* handle) { return fido_dev_get_assert(handle, assertion, nullptr); });
}

}  // namespace

sdk::Result<void> need_permission(sdk::Op op, bool presence, bool verification) {
    if (presence && (op.permissions() & HEARTH_PERMIT_USER_PRESENCE) == 0)
        return sdk::Error(HEARTH_E_NEED_PRESENCE, "the security key has to be touched");
    if (verification && (op.permissions() & HEARTH_PERMIT_USER_VERIFICATION) == 0)
        return sdk::Error(HEARTH_E_NEED_VERIFICATION,
                          "the security key has to recognize its owner");
    return sdk::ok();
}

sdk::Result<bool> may_have(sdk::Op op, Device& device, const Entry& entry) {
    const auto& abilities = device.abilities();
    // Such credentials may be hidden until the owner is recognized.
    if (abilities.verification && entry.verification.value_or(false)) return true;
    HEARTH_SDK_TRY(assertion, new_assertion(entry, option(abilities.presence, false)));
    HEARTH_SDK_TRY(answer, device.talk(op, [&](fido_dev_t* handle) {
        return fido_dev_get_assert(handle, assertion.get(), nullptr);
    }));
    switch (answer) {
        case FIDO_OK:
        case FIDO_ERR_UP_REQUIRED:
        case FIDO_ERR_UNSUPPORTED_OPTION:
        case FIDO_ERR_PIN_REQUIRED:
            return true;
        case FIDO_ERR_NO_CREDENTIALS:
        case FIDO_ERR_INVALID_CREDENTIAL:
            return false;
        default:
            return device.explain(answer, "asking whether the security key is the right one");
    }
}

sdk::Result<sdk::Secret> reveal(sdk::Op op, Device& device, Entry& entry, PinTries& pins) {
    HEARTH_SDK_CHECK(is_able(device, entry));
    for (;;) {
        HEARTH_SDK_CHECK(need_permission(op, entry.presence.value_or(false),
                                         entry.verification.value_or(false)));
        HEARTH_SDK_TRY(assertion, question(device, entry));
        HEARTH_SDK_TRY(answer, ask(op, device, entry, pins, assertion.get()));
        if (answer == FIDO_OK) return take_secret(op, assertion.get());
        if (!adapt(answer, device, entry)) return device.explain(answer, "asking for the secret");
    }
}

}  // namespace hearth::fido2
