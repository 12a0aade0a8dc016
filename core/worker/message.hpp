// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::worker {

/// The private protocol between a host and the worker it starts; both come from one release, but
/// during an upgrade they may not: each side names its number first and refuses another. Raise it
/// with every change of a message.
inline constexpr std::uint64_t kProtocol = 5;

/// What a worker sends, one datagram each; a few lines of JSON.
struct Message {
    enum class Kind { progress, log, critical, done };
    Kind kind = Kind::done;

    /// progress: what is being done, and how far it is (total 0: not known).
    std::string step;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    /// log: syslog priority and text.
    std::uint64_t priority = 0;
    std::string text;
    /// critical: from here on (or no longer) the host must not kill the worker for being silent.
    bool on = false;
    /// done: the failure, if it is one, and what else people should know. The record travels beside
    /// it in a memfd.
    std::optional<Error> error;
    std::vector<std::string> warnings;
};

/// The largest datagram either side accepts.
inline constexpr std::size_t kMaxMessage = std::size_t{64} * 1024;

std::string encode(const Message& message);
/// Errors: worker-protocol.
Result<Message> decode(std::string_view datagram);

}  // namespace hearth::worker
