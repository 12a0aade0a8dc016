// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/worker/datagram.hpp"
#include "core/worker/request.hpp"

namespace hearth::worker {

/// File descriptors of a worker process at its start, beside the standard ones (which lead
/// nowhere).
inline constexpr int kSocketFd = 3;
/// Readable (end of file) when the operation should stop: the host closed its end, or died.
inline constexpr int kCancelFd = 4;
/// The open folder of the worker's own cgroup, if it has one.
inline constexpr int kGroupFd = 5;
/// The exit status of a worker that a signal ended is this and the signal's number.
inline constexpr int kEndedBySignal = 128;

/// The first and only thing a host sends: a line that names the protocol, with three sealed memfds
/// beside it (the request without secrets as JSON, the secrets, the new passwords), and then the
/// files that belong to the record, in the order of their names.
struct Opening {
    home::Root root;
    Request request;
};

/// Errors: worker-protocol.
Result<void> send_opening(int socket, const Opening& opening);
/// Errors: worker-version (host and worker are of different releases), worker-protocol.
Result<Opening> receive_opening(int socket);
/// The same from what has been received already.
Result<Opening> read_opening(Datagram datagram);

/// The text of a request without its secrets, and back: strictly parsed. Errors: worker-protocol.
std::string encode_request(const Opening& opening);
Result<Opening> decode_request(std::string_view text);

}  // namespace hearth::worker
