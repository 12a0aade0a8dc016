// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "plugins/shared/base64.hpp"
#include "token.hpp"

namespace hearth::pkcs11 {

using shared::Bytes;

/// A conversation with a token. Whoever logged in is logged out when it ends, so that the next to
/// come has to know the PIN as well.
class Session {
  public:
    /// Errors: as token_error().
    static sdk::Result<Session> open(const Token& token);
    Session(Session&& other) noexcept;
    Session& operator=(Session&&) = delete;
    ~Session();

    [[nodiscard]] CK_FUNCTION_LIST* module() const { return module_; }
    [[nodiscard]] CK_SESSION_HANDLE handle() const { return handle_; }
    [[nodiscard]] CK_SLOT_ID slot() const { return slot_; }

    /// `pin` of no size: whoever holds the token types it there.
    CK_RV log_in(std::string_view pin);

    /// Objects with all of these attributes, but not more than a few hundred.
    sdk::Result<std::vector<CK_OBJECT_HANDLE>> find(std::vector<CK_ATTRIBUTE> wanted) const;
    /// An attribute of an object; nothing if it has none, or does not tell. Errors: as
    /// token_error(), and HEARTH_E_NOT_SUPPORTED (it is huge).
    sdk::Result<std::optional<Bytes>> attribute(CK_OBJECT_HANDLE object,
                                                CK_ATTRIBUTE_TYPE type) const;
    /// The same for a number; nothing also if its size is another.
    sdk::Result<std::optional<CK_ULONG>> number(CK_OBJECT_HANDLE object,
                                                CK_ATTRIBUTE_TYPE type) const;
    sdk::Result<bool> flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

  private:
    Session(const Token& token, CK_SESSION_HANDLE handle);

    CK_FUNCTION_LIST* module_;
    CK_SLOT_ID slot_;
    CK_SESSION_HANDLE handle_;
    bool is_logged_in_ = false;
};

}  // namespace hearth::pkcs11
