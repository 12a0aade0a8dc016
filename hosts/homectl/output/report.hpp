// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace hearth::homectl {

/// The error as people see it: what happened, indented why and what to do, and the id for scripts
/// and searches.
[[nodiscard]] std::string error_text(const Error& error, bool colours);
/// Prints it on standard error.
void report(const Error& error);
/// One line on standard error: something that a person should know, but that stopped nothing.
void notice(std::string_view text);

}  // namespace hearth::homectl
