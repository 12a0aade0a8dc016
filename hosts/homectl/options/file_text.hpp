// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hearth::homectl {

/// Reads a text file of the caller's, up to 1 MiB; "-" is standard input. `option` is named in the
/// error. Errors: option-file-unreadable, option-file-too-large.
Result<std::string> read_text_file(const std::string& path, std::string_view option);

}  // namespace hearth::homectl
