// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <systemd/sd-bus.h>

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::homed {

/// Who sends: the effective UID of a client when it connected, as the bus vouches for it.
///
/// Remembered by the unique name, which no bus ever gives to a second client: a client is asked
/// about once, and nothing that is remembered becomes wrong. For one connection.
class Senders {
  public:
    using Found = std::function<void(Result<uid_t>)>;

    /// At once if the sender is known, and otherwise when the bus has told. Never waits: the bus
    /// may itself be waiting for what we know about users. What one sender sends stays in its
    /// order. Errors: sender-unknown.
    void ask(sd_bus_message* message, Found then);
    /// For what must be answered at once. Waits for the bus if the sender is not known yet; nothing
    /// if there is no sender, or the bus does not know it.
    std::optional<uid_t> ask_now(sd_bus_message* message);

  private:
    void remember(const std::string& sender, uid_t uid);
    void on_answer(const std::string& sender, std::optional<uid_t> uid);

    std::unordered_map<std::string, uid_t> known_;
    /// Whom the bus was asked about, and what goes on when it has told.
    std::unordered_map<std::string, std::vector<Found>> asked_;
};

}  // namespace hearth::homed
