// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/log.hpp"

#include <syslog.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace hearth::homed {

namespace {

int& level() {
    static int now = LOG_INFO;
    return now;
}

/// A line break in a text would look like a line of its own.
void append_clean(std::string& line, std::string_view text) {
    for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
}

}  // namespace

void set_log_level(int now) {
    level() = now;
}

void log_line(int priority, std::string_view text) {
    if (priority > level()) return;
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    std::string line = journal ? "<" + std::to_string(priority) + ">" : "hearthd: ";
    append_clean(line, text);
    line += '\n';
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void log_problem(const Error& error) {
    log_entry({LOG_WARNING, error.one_line(), {{"HEARTH_ERROR", error.id()}}});
}

void log_entry(const system::LogEntry& entry) {
    if (entry.priority > level()) return;
    static const system::Journal journal("hearthd");
    if (!journal.write(entry)) log_line(entry.priority, system::to_line(entry));
}

}  // namespace hearth::homed
