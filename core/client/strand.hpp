// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/request.hpp"

namespace hearth::client {

/// One operation of several that one thread waits for. Dropped before its end it is cancelled.
class Strand {
  public:
    Strand() = default;
    Strand(const Strand&) = delete;
    Strand& operator=(const Strand&) = delete;
    virtual ~Strand() = default;

    /// Readable when step() has something to do. May be another after each step.
    [[nodiscard]] virtual int fd() const = 0;
    /// Takes one message; at the end gives what came of the operation.
    virtual std::optional<Result<worker::Reply>> step(worker::Listener& listener) = 0;
    /// Call on_deadline() when so much time has passed; ask again after each step. -1: it may be
    /// silent.
    [[nodiscard]] virtual int deadline_ms() const = 0;
    /// As step() does, when time is up.
    virtual std::optional<Result<worker::Reply>> on_deadline() = 0;
    /// Asks for the end. It still answers.
    virtual void cancel() = 0;
};

}  // namespace hearth::client
