// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/error.hpp"

namespace hearth::homed {

/// Writes a line for the log to standard error: with its syslog priority in front where a journal
/// reads it. What it was told never holds a secret.
void log_line(int priority, std::string_view text);
void log_problem(const Error& error);

/// What is less important than this syslog priority is not logged.
void set_log_level(int level);

}  // namespace hearth::homed
