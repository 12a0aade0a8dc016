// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include <hearth/sdk/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hearth::pkcs11 {

/// Which tokens, and which keys on them: RFC 7512. Where a module lies and what a PIN is may be in
/// such a text as well: neither is ever taken from it.
class Uri {
  public:
    /// Errors: HEARTH_E_INVALID_ARGUMENT, and what is wrong.
    static sdk::Result<Uri> parse(const std::string& text);
    /// What names this token and no other: model, maker, serial number and label.
    static std::string of_token(const CK_TOKEN_INFO& token);

    /// Could it mean a token of this module, in this slot?
    [[nodiscard]] bool matches(const CK_INFO& module) const;
    [[nodiscard]] bool matches(const CK_SLOT_INFO& slot, CK_SLOT_ID id) const;
    [[nodiscard]] bool matches(const CK_TOKEN_INFO& token) const;
    /// What it says about objects, but not their class: one text means a key, its public half and
    /// its certificate. Borrowed from this.
    [[nodiscard]] std::vector<CK_ATTRIBUTE> object_attributes() const;
    [[nodiscard]] bool has_pin() const;

  private:
    struct Free {
        void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
    };
    std::unique_ptr<P11KitUri, Free> uri_;
};

}  // namespace hearth::pkcs11
