// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/client/answer.hpp"
#include "core/worker/client.hpp"

namespace hearth::client {

/// Takes one message of the service; at the end gives what came of the operation. Waits for it.
std::optional<Result<Answer>> hear(int socket, worker::Listener& listener);

/// Hears the service out about an operation that it was asked for over this socket, and asks it to
/// stop when the observer wants that. Errors: those of the operation, cancelled, service-lost.
Result<Answer> talk(int socket, worker::Observer& observer);

}  // namespace hearth::client
