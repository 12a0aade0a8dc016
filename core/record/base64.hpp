// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hearth::record {

/// Standard alphabet, padded, one line. For public data only: the result is ordinary memory.
std::string to_base64(std::string_view bytes);

/// Strict: standard alphabet, padding required, no white space, no stray bits. Nothing if it is
/// anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace hearth::record
