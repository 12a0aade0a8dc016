// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace hearth::worker {

/// Names an operation in every log that tells of it: 32 digits of hexadecimal, at random.
[[nodiscard]] std::string new_operation_id();
[[nodiscard]] bool is_operation_id(std::string_view text);

}  // namespace hearth::worker
