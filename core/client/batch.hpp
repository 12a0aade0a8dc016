// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>

#include "core/base/result.hpp"
#include "core/worker/request.hpp"

namespace hearth::client {

/// Many operations that are asked for at once: where they come from one by one, so that neither all
/// records nor all passwords are in memory at a time, and who hears what became of each. Called on
/// the thread that runs the batch.
class Batch {
  public:
    Batch() = default;
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    virtual ~Batch() = default;

    struct Item {
        /// Names it in on_done().
        std::size_t number = 0;
        worker::Request request;
    };
    /// The next one, or nothing: there is none yet, or none any more. Never waits.
    virtual std::optional<Item> next() = 0;
    /// After next() gave nothing: readable when it is to be asked again; -1: it is the end.
    [[nodiscard]] virtual int source_fd() const = 0;
    virtual void on_done(std::size_t number, Result<worker::Reply> result) = 0;
};

}  // namespace hearth::client
