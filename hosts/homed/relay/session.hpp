// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/unique_fd.hpp"
#include "core/service/loop.hpp"
#include "core/worker/message.hpp"
#include "core/worker/opening.hpp"
#include "hosts/homed/relay/desk.hpp"

namespace hearth::homed {

/// One operation for one of our own clients, over a socket: the client sends what it wants, hears
/// what happens, and at last how it ended. When the client closes its end, or only the half that it
/// writes to, the operation is cancelled.
///
/// Nothing that a client does with the socket makes the service wait: what it does not read in time
/// is dropped, and the last message waits for it for a while.
class Session final : public std::enable_shared_from_this<Session> {
  public:
    /// `loop` is borrowed. `ended` is called once, from the loop or from within begin(); the owner
    /// then drops the session.
    Session(UniqueFd socket, service::Loop& loop, std::shared_ptr<Desk> desk,
            std::function<void()> ended);

    void begin();

    // For the listener of the order.
    void tell(const worker::Message& message);

  private:
    void on_readable();
    void open(worker::Datagram datagram);
    void on_permission(const Result<service::Caller>& caller, worker::Request request);
    void place(worker::Request request);
    void acquire(service::Order order);
    void on_done(const Result<worker::Reply>& result);
    void on_acquired(Result<Desk::Acquired> result);
    void cancel();

    void fail(const Error& error);
    void finish(const Result<worker::Reply>& result, UniqueFd reference);
    void send_last();
    void end();

    UniqueFd socket_;
    service::Loop& loop_;
    std::shared_ptr<Desk> desk_;
    std::function<void()> ended_;
    /// After the socket: they must go first.
    std::unique_ptr<service::Loop::Handle> watch_, writable_, deadline_;
    service::Caller caller_;
    service::Ticket ticket_ = 0;
    bool opened_ = false;
    bool finished_ = false;
    /// What is sent at last.
    std::string last_;
    std::vector<UniqueFd> last_fds_;
};

}  // namespace hearth::homed
