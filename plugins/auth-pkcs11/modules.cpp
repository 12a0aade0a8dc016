// SPDX-License-Identifier: LGPL-2.1-or-later
#include "modules.hpp"

#include <string>

namespace hearth::pkcs11 {

sdk::Result<Modules> Modules::load() {
    CK_FUNCTION_LIST** loaded = p11_kit_modules_load_and_initialize(0);
    if (loaded != nullptr) return Modules(loaded);
    const char* why = p11_kit_message();
    return sdk::Error(HEARTH_E_BACKEND_UNAVAILABLE,
                      std::string("the drivers of tokens could not be loaded: ") +
                          (why != nullptr ? why : "p11-kit does not say why"));
}

Modules::Modules(CK_FUNCTION_LIST** loaded) : loaded_(loaded) {
    for (auto** one = loaded; *one != nullptr; ++one) list_.push_back(*one);
}

Modules::~Modules() {
    if (loaded_ != nullptr) p11_kit_modules_finalize_and_release(loaded_);
}

}  // namespace hearth::pkcs11
