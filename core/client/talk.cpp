// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/talk.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "core/worker/conversation.hpp"
#include "core/worker/datagram.hpp"

namespace hearth::client {

namespace {

Error lost() {
    return Error(Code::internal, "service-lost",
                 "The service ended in the middle of the operation.")
        .hint(
            "What it had begun is finished or undone when it starts again; see the home with "
            "homectl inspect.");
}

/// Waits until the service says something. What it still has to say is heard after a cancellation
/// as well: how it ended.
Result<void> wait_for_message(int socket, worker::Observer& observer, bool& cancelled) {
    for (;;) {
        const int cancel_fd = cancelled ? -1 : observer.cancel_fd();
        std::array<pollfd, 2> watched = {{{socket, POLLIN, 0}, {cancel_fd, POLLIN, 0}}};
        const int n = ::poll(watched.data(), watched.size(), -1);
        if (n < 0 && errno != EINTR)
            return Error(Code::internal, "service-lost", "Cannot wait for the service.").sys(errno);
        if (n > 0 && watched[1].revents != 0) {
            cancelled = true;
            ::shutdown(socket, SHUT_WR);
        }
        if (n > 0 && watched[0].revents != 0) return ok();
    }
}

void pass_on(const worker::Message& message, worker::Listener& listener) {
    if (message.kind == worker::Message::Kind::progress)
        listener.on_progress(message.step, message.done, message.total);
    if (message.kind == worker::Message::Kind::log)
        listener.on_log(static_cast<unsigned>(message.priority), message.text);
}

Result<Answer> read_answer(const worker::Message& message, worker::Datagram& datagram) {
    HEARTH_TRY(reply, worker::read_reply(message, datagram.fds));
    Answer answer{std::move(reply), UniqueFd()};
    if (datagram.fds.size() > 1) answer.reference = std::move(datagram.fds[1]);
    return answer;
}

}  // namespace

std::optional<Result<Answer>> hear(int socket, worker::Listener& listener) {
    auto datagram = worker::receive_datagram(socket);
    if (!datagram) return std::move(datagram).error();
    if (datagram->end) return lost();
    auto message = worker::decode(datagram->text);
    if (!message) return std::move(message).error();
    if (message->kind == worker::Message::Kind::done) return read_answer(*message, *datagram);
    pass_on(*message, listener);
    return std::nullopt;
}

Result<Answer> talk(int socket, worker::Observer& observer) {
    bool cancelled = false;
    for (;;) {
        HEARTH_CHECK(wait_for_message(socket, observer, cancelled));
        if (auto end = hear(socket, observer)) return *std::move(end);
    }
}

}  // namespace hearth::client
