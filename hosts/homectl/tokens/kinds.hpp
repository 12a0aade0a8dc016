// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/plugin/registry.hpp"
#include "core/record/user_record.hpp"

namespace hearth::homectl {

/// The plugin for a kind of tokens: by its name, or by the field of the record that keeps them.
/// Errors: auth-unknown, auth-refused.
Result<plugin::Registry::Auth> find_kind(const std::string& kind);

/// The field in the privileged section that keeps the tokens of a kind.
[[nodiscard]] std::string field_of(const plugin::AuthManifest& kind);

/// Does a token open the home, as far as the record shows?
[[nodiscard]] bool has_tokens(const record::UserRecord& record);

}  // namespace hearth::homectl
