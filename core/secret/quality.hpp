// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"

namespace hearth::secret {

/// What to judge passwords by. Empty means what the administrator set in
/// /etc/security/pwquality.conf.
struct QualityRules {
    /// Path of a cracklib dictionary without its ending.
    std::string dictionary;
};

/// Is `fresh` good enough for `user`, given the old passwords `others`? libpwquality decides. It is
/// loaded by the first call, so a program pays nothing for it before. Errors: password-too-weak
/// (why() says what is wrong with it), password-dictionary-missing (the dictionary is not there,
/// nothing can be judged), password-check-unavailable (the library is not there).
Result<void> check_quality(const Secret& fresh, std::string_view user,
                           const std::vector<Secret>& others, const QualityRules& rules = {});

/// Passwords that nobody guesses and that are good enough, for somebody who wants one. Fewer, or
/// none, where the library cannot make them.
std::vector<Secret> suggest_passwords(std::size_t count);

}  // namespace hearth::secret
