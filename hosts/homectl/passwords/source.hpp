// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/secret/secret.hpp"

namespace hearth::homectl {

/// Secrets that came with the environment: PASSWORD (of a home that exists), NEWPASSWORD, and PIN
/// (of a security token).
///
/// They are read once, when the program starts, and then removed: out of the environment, so that
/// no child inherits them, and out of the memory that /proc/PID/environ shows.
class PasswordSource {
  public:
    /// Takes them out of the environment. A variable that is set but empty counts as not set.
    PasswordSource();

    /// Each may be empty: none was given. Borrowed.
    [[nodiscard]] const secret::Secret& existing() const { return existing_; }
    [[nodiscard]] const secret::Secret& fresh() const { return fresh_; }
    [[nodiscard]] const secret::Secret& pin() const { return pin_; }

  private:
    secret::Secret existing_;
    secret::Secret fresh_;
    secret::Secret pin_;
};

}  // namespace hearth::homectl
