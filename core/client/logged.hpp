// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "core/worker/client.hpp"
#include "core/worker/operation_log.hpp"

namespace hearth::client {

/// An operation of our own, told to the journal if there is one, and to whoever looks.
class Logged final : public worker::Observer {
  public:
    /// Gives the request a name. Borrows the observer.
    Logged(worker::Request& request, worker::Observer& observer);

    void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) override {
        log_.on_progress(step, done, total);
    }
    void on_log(unsigned priority, const std::string& line) override {
        log_.on_log(priority, line);
    }
    [[nodiscard]] int cancel_fd() const override { return observer_.cancel_fd(); }
    [[nodiscard]] bool is_listening() const override { return observer_.is_listening(); }

    void ended(const Result<worker::Reply>& result) const;

  private:
    worker::Observer& observer_;
    std::uint64_t begin_usec_;
    worker::OperationLog log_;
};

/// Gives the request a name by which all logs tell of it, and tells it to whoever looks.
void name_operation(worker::Request& request, worker::Observer& observer);

}  // namespace hearth::client
