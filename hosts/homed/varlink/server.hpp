// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/service/loop.hpp"
#include "hosts/homed/varlink/connection.hpp"
#include "hosts/homed/varlink/interface.hpp"
#include "hosts/homed/varlink/limits.hpp"
#include "hosts/homed/varlink/router.hpp"
#include "hosts/homed/varlink/socket.hpp"

namespace hearth::homed::varlink {

/// Answers on a socket. Nobody can keep others from being served: where there are too many
/// connections, the one goes that was silent for the longest time, of the user who has too many.
class Server {
  public:
    /// Borrows the loop.
    Server(service::Loop& loop, Socket socket, std::vector<std::unique_ptr<Interface>> interfaces,
           const Limits& limits = {});
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() = default;

    [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  private:
    void listen();
    void on_readable();
    void pause();
    void add(UniqueFd fd);
    void make_room(uid_t uid);
    void drop(std::uint64_t id);
    [[nodiscard]] uid_t who_has_most() const;
    void drop_most_silent(uid_t uid);

    service::Loop& loop_;
    Socket socket_;
    Router router_;
    Limits limits_;
    std::uint64_t clock_ = 0;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::map<uid_t, std::size_t> counts_;
    std::unique_ptr<service::Loop::Handle> watch_;
};

}  // namespace hearth::homed::varlink
