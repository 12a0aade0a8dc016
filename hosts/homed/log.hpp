// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/error.hpp"
#include "core/system/structured_log.hpp"

namespace hearth::homed {

/// Writes a line for the log to standard error: with its syslog priority in front where a journal
/// reads it. What it was told never holds a secret.
void log_line(int priority, std::string_view text);
void log_problem(const Error& error);
/// To the journal with all its fields, or where there is none, as a line.
void log_entry(const system::LogEntry& entry);

/// What is less important than this syslog priority is not logged.
void set_log_level(int now);

}  // namespace hearth::homed
