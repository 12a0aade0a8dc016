// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace hearth::homed::varlink {

/// What clients can take up.
struct Limits {
    /// Of one user. Root is trusted with the number of its connections.
    std::size_t connections_per_uid = 256;
    std::size_t connections = 4096;
    /// No more answers are made while so many bytes wait to be read.
    std::size_t waiting_bytes = std::size_t{64} * 1024;
    /// For the rest of a message that was begun.
    std::uint64_t message_usec = 10'000'000;
    /// For a client that reads nothing of what it asked for.
    std::uint64_t reading_usec = 30'000'000;
};

}  // namespace hearth::homed::varlink
