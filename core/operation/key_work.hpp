// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "core/operation/operation.hpp"
#include "core/secret/locked_work.hpp"

namespace hearth::operation {

/// While it exists, a plugin derives keys. What libraries map for that (argon2: 64 MiB and more) is
/// locked and present at once, as for password hashes; media without keys are left alone.
class KeyWork {
  public:
    KeyWork(Operation& op, const std::string& storage) {
        const auto found = op.find_storage(storage);
        if (found && found->manifest->credentials == plugin::Credentials::slots) locked_.emplace();
    }

  private:
    std::optional<secret::LockedWork> locked_;
};

}  // namespace hearth::operation
