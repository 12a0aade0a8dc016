// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/plugin/registry.hpp"

namespace hearth::homectl {

/// What is installed, read at the first call: most command lines never need it.
[[nodiscard]] const plugin::Registry& installed_plugins();

/// Is there a plugin for the storage that a new home asks for (if it asks for one)? Errors:
/// storage-unknown, storage-refused.
Result<void> check_storage(const std::optional<std::string>& wish);

/// Does the storage encrypt? Nothing if its plugin is not installed.
[[nodiscard]] std::optional<bool> storage_encrypts(const std::string& storage);

}  // namespace hearth::homectl
