// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/unique_fd.hpp"
#include "core/service/loop.hpp"
#include "hosts/homed/varlink/interface.hpp"
#include "hosts/homed/varlink/limits.hpp"
#include "hosts/homed/varlink/router.hpp"

namespace hearth::homed::varlink {

/// One client. Either it is listened to, or answers are on their way to it: while it does not read
/// those, it is not heard, and nothing more is made for it.
class Connection {
  public:
    struct Surroundings {
        service::Loop& loop;
        const Router& router;
        const Limits& limits;
        /// Counts what is heard of all clients, in the order in which it happens.
        std::uint64_t& clock;
    };
    /// `on_end` is called from the loop when it is over; the connection may be destroyed in it.
    Connection(UniqueFd fd, Peer peer, const Surroundings& surroundings,
               std::function<void()> on_end);

    [[nodiscard]] const Peer& peer() const { return peer_; }
    /// When it last said or read something, by that clock.
    [[nodiscard]] std::uint64_t heard_at() const { return heard_at_; }

  private:
    enum class Step { go_on, over };
    enum class Watched { nothing, readable, writable };
    enum class Awaited { nothing, rest_of_message, reader };

    void on_readable();
    /// Answers, sends, and finds out what to wait for.
    void go_on();
    [[nodiscard]] Step receive();
    [[nodiscard]] Step answer();
    [[nodiscard]] Step send();
    [[nodiscard]] std::optional<std::string_view> next_message();
    [[nodiscard]] bool has_message() const {
        return input_.find('\0', searched_) != std::string::npos;
    }
    void drop_taken_part();
    /// The connection is gone when this returns.
    void end();
    /// Bytes that the client has not read.
    [[nodiscard]] std::size_t waiting() const { return output_.size() - sent_; }
    void watch_for(Watched what);
    void set_deadline(bool is_busy);

    UniqueFd fd_;
    Peer peer_;
    const Surroundings surroundings_;
    std::function<void()> on_end_;

    std::string input_;
    std::size_t taken_ = 0;     // of the input: messages that were handled
    std::size_t searched_ = 0;  // of the input: no message that was not handled ends in it
    bool says_no_more_ = false;
    std::string output_;
    std::size_t sent_ = 0;
    std::unique_ptr<Stream> stream_;

    bool got_ahead_ = false;  // in this step: the client completed a message or read something
    std::uint64_t heard_at_ = 0;
    Watched watched_ = Watched::nothing;
    Awaited awaited_ = Awaited::nothing;
    std::unique_ptr<service::Loop::Handle> watch_;
    std::unique_ptr<service::Loop::Handle> deadline_;
};

}  // namespace hearth::homed::varlink
