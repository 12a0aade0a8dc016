// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth.hpp"

#include <set>

#include "acquire.hpp"
#include "enroll.hpp"
#include "modules.hpp"
#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

hearth_flags features_of(const Token& token) {
    if (!token.has(CKF_LOGIN_REQUIRED)) return 0;
    return token.has(CKF_PROTECTED_AUTHENTICATION_PATH) ? HEARTH_DEVICE_PROTECTED_PATH
                                                        : HEARTH_DEVICE_PIN;
}

sdk::Result<void> show(const Token& token, const std::string& uri, const Auth::DeviceSink& sink) {
    const std::string label = text_of(token.info.label);
    const std::string vendor = text_of(token.info.manufacturerID);
    return sink(
        {sizeof(hearth_device), 0, uri.c_str(), label.c_str(), vendor.c_str(), features_of(token)});
}

}  // namespace

sdk::Result<void> Auth::list_devices(sdk::Op op, const DeviceSink& sink) {
    HEARTH_SDK_CHECK(go_on(op));
    HEARTH_SDK_TRY(modules, Modules::load());
    HEARTH_SDK_TRY(tokens, find_tokens(op, modules.list()));
    std::set<std::string> shown;
    for (const auto& token : tokens) {
        // Two drivers can show one token.
        const std::string uri = Uri::of_token(token.info);
        if (shown.insert(uri).second) HEARTH_SDK_CHECK(show(token, uri, sink));
    }
    return sdk::ok();
}

sdk::Result<sdk::Enrolled> Auth::enroll(sdk::Op op, const sdk::Record& /*record*/,
                                        const char* device_id, hearth_flags /*flags*/) {
    HEARTH_SDK_CHECK(go_on(op));
    HEARTH_SDK_TRY(modules, Modules::load());
    return pkcs11::enroll(op, modules.list(), device_id);
}

sdk::Result<sdk::Acquired> Auth::acquire(sdk::Op op, const sdk::Record& /*record*/,
                                         std::span<const char* const> entries) {
    HEARTH_SDK_CHECK(go_on(op));
    HEARTH_SDK_TRY(modules, Modules::load());
    return pkcs11::acquire(op, modules.list(), entries);
}

}  // namespace hearth::pkcs11

HEARTH_PLUGIN(hearth::pkcs11::Auth);
