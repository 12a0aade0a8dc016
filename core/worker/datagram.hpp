// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::worker {

/// A datagram and the file descriptors that came with it.
struct Datagram {
    std::string text;
    std::vector<UniqueFd> fds;
    /// The other side has closed its end; text is empty.
    bool end = false;
};

/// Sends one datagram over a SOCK_SEQPACKET socket, never raising SIGPIPE. Errors: worker-protocol.
Result<void> send_datagram(int socket, std::string_view text, const std::vector<int>& fds = {});
/// Waits for one. Errors: worker-protocol (cut off, too many descriptors).
Result<Datagram> receive_datagram(int socket);

// The same for whoever must not wait, whatever the other side did to the socket that both share.

/// False: the other side does not take any more now. Errors: worker-protocol.
Result<bool> try_send_datagram(int socket, std::string_view text, const std::vector<int>& fds = {});
/// Nothing: there is none yet. Errors: worker-protocol.
Result<std::optional<Datagram>> try_receive_datagram(int socket);

/// Text in a sealed memfd, and back; for what is too long for a datagram. Errors: worker-protocol,
/// record-too-large.
Result<UniqueFd> to_memfd(std::string_view text);
Result<std::string> from_memfd(int fd, std::size_t limit);

}  // namespace hearth::worker
