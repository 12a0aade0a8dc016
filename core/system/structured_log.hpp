// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// What goes to the log in one piece: a sentence, and fields by which it is found. Never a secret.
struct LogEntry {
    /// As in syslog(3).
    int priority = 6;
    std::string text;
    /// Names of capital letters, digits and underscores.
    std::vector<std::pair<std::string, std::string>> fields;
};

/// The journal, spoken to in its own protocol. Never waits.
class Journal {
  public:
    /// `identifier`: whose entries these are.
    explicit Journal(std::string identifier, std::string socket = "/run/systemd/journal/socket");

    /// False: there is no journal, or it takes nothing now.
    [[nodiscard]] bool write(const LogEntry& entry) const;

  private:
    std::string identifier_, path_;
    UniqueFd socket_;
};

/// The same as one datagram of the journal's protocol.
[[nodiscard]] std::string to_journal(const LogEntry& entry, std::string_view identifier);
/// The same on one line: the sentence, and behind it KEY=value, in quotes where it has spaces.
[[nodiscard]] std::string to_line(const LogEntry& entry);

}  // namespace hearth::system
