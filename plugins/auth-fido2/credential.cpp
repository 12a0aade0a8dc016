// SPDX-License-Identifier: LGPL-2.1-or-later
#include "credential.hpp"

#include <array>

#include "assertion.hpp"

namespace hearth::fido2 {

namespace {

constexpr const char* kRelyingPartyName = "Home Directory";
constexpr const char* kWhat = "setting up the security key";

using Credential = std::unique_ptr<fido_cred_t, void (*)(fido_cred_t*)>;

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Who it is for, and what for.
bool describe(fido_cred_t* out, const NewCredential& wanted) {
    const char* real_name = wanted.real_name.empty() ? nullptr : wanted.real_name.c_str();
    return fido_cred_set_type(out, wanted.algorithm) == FIDO_OK &&
           fido_cred_set_rp(out, kRelyingParty, kRelyingPartyName) == FIDO_OK &&
           fido_cred_set_user(out, bytes_of(wanted.user), wanted.user.size(), wanted.user.c_str(),
                              real_name, nullptr) == FIDO_OK &&
           fido_cred_set_clientdata_hash(out, kNothingToSign.data(), kNothingToSign.size()) ==
               FIDO_OK;
}

/// Nothing is kept on the key, as far as that can be said to it.
bool choose(fido_cred_t* out, const Abilities& abilities, const NewCredential& wanted) {
    const bool is_protected = wanted.verification && abilities.protects;
    const int extensions = FIDO_EXT_HMAC_SECRET | (is_protected ? FIDO_EXT_CRED_PROTECT : 0);
    return fido_cred_set_extensions(out, extensions) == FIDO_OK &&
           (!is_protected || fido_cred_set_prot(out, FIDO_CRED_PROT_UV_REQUIRED) == FIDO_OK) &&
           (!abilities.stores || fido_cred_set_rk(out, FIDO_OPT_FALSE) == FIDO_OK) &&
           (!abilities.verification || fido_cred_set_uv(out, FIDO_OPT_FALSE) == FIDO_OK);
}

sdk::Result<Credential> new_credential(const Abilities& abilities, const NewCredential& wanted) {
    Credential out(fido_cred_new(), [](fido_cred_t* credential) { fido_cred_free(&credential); });
    if (out && describe(out.get(), wanted) && choose(out.get(), abilities, wanted)) return out;
    return sdk::Error(HEARTH_E_NO_MEMORY, "there is no memory for a new credential");
}

sdk::Result<int> ask(sdk::Op op, Device& device, bool pin, PinTries& pins, fido_cred_t* out) {
    if (pin)
        return pins.with_pin([&](fido_dev_t* handle, const char* text) {
            return fido_dev_make_cred(handle, out, text);
        });
    return device.talk(
        op, [&](fido_dev_t* handle) { return fido_dev_make_cred(handle, out, nullptr); });
}

/// Keys may want more for a new credential than for using it.
sdk::Result<int> ask_as_needed(sdk::Op op, Device& device, const NewCredential& wanted,
                               PinTries& pins, fido_cred_t* out) {
    HEARTH_SDK_TRY(answer, ask(op, device, wanted.pin, pins, out));
    if (answer != FIDO_ERR_PIN_REQUIRED || wanted.pin) return answer;
    if (!wanted.verification) return ask(op, device, true, pins, out);
    fido_cred_set_uv(out, FIDO_OPT_TRUE);
    return ask(op, device, false, pins, out);
}

}  // namespace

sdk::Result<Bytes> make_credential(sdk::Op op, Device& device, const NewCredential& wanted,
                                   PinTries& pins) {
    HEARTH_SDK_TRY(made, new_credential(device.abilities(), wanted));
    HEARTH_SDK_TRY(answer, ask_as_needed(op, device, wanted, pins, made.get()));
    if (answer != FIDO_OK) return device.explain(answer, kWhat);
    const auto* id = fido_cred_id_ptr(made.get());
    const std::size_t size = fido_cred_id_len(made.get());
    if (id == nullptr || size == 0)
        return sdk::Error(HEARTH_E_IO, "the security key made a credential without a name");
    return Bytes(id, id + size);
}

sdk::Result<int> algorithm_of(const sdk::Record& record) {
    const auto text = record.text("/fido2CredentialAlgorithm").value_or("es256");
    if (text == "es256") return COSE_ES256;
    if (text == "rs256") return COSE_RS256;
    if (text == "eddsa") return COSE_EDDSA;
    return sdk::Error(HEARTH_E_INVALID_ARGUMENT,
                      "the algorithm of a credential is es256, rs256 or eddsa");
}

}  // namespace hearth::fido2
