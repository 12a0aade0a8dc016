// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

namespace hearth::homectl {

/// Passwords of many users, as chpasswd(8) takes them: USER:PASSWORD, one a line.
class PasswordList {
  public:
    PasswordList() = default;
    /// "-" is standard input. Errors: option-file-*, password-list, secret-memory.
    static Result<PasswordList> read(const std::string& path);
    /// `text` stays the caller's, who wipes it. Errors: password-list, secret-memory.
    static Result<PasswordList> parse(std::string_view text);

    /// Null: there is none of that user.
    [[nodiscard]] const secret::Secret* find(const std::string& user) const;

  private:
    Result<void> add(std::string_view line, std::size_t number);

    std::map<std::string, secret::Secret> passwords_;
};

}  // namespace hearth::homectl
