// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/socket.h>

#include <optional>
#include <utility>

#include "core/base/unique_fd.hpp"
#include "core/client/strand.hpp"
#include "core/client/talk.hpp"

namespace hearth::client {

/// An operation that the service was asked for over a socket.
class BusStrand final : public Strand {
  public:
    explicit BusStrand(UniqueFd socket) : socket_(std::move(socket)) {}

    [[nodiscard]] int fd() const override { return socket_.get(); }
    std::optional<Result<worker::Reply>> step(worker::Listener& listener) override {
        auto end = hear(socket_.get(), listener);
        if (!end) return std::nullopt;
        return std::move(*end).transform([](Answer&& answer) { return std::move(answer.reply); });
    }
    /// The service looks after its workers.
    [[nodiscard]] int deadline_ms() const override { return -1; }
    std::optional<Result<worker::Reply>> on_deadline() override { return std::nullopt; }
    void cancel() override { ::shutdown(socket_.get(), SHUT_WR); }

  private:
    UniqueFd socket_;
};

}  // namespace hearth::client
