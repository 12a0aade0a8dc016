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

void pass_on(const worker::Message& message, worker::Observer& observer) {
    if (message.kind == worker::Message::Kind::progress)
        observer.on_progress(message.step, message.done, message.total);
    if (message.kind == worker::Message::Kind::log)
        observer.on_log(static_cast<unsigned>(message.priority), message.text);
}

}  // namespace

Result<Answer> talk(int socket, worker::Observer& observer) {
    bool cancelled = false;
    for (;;) {
        HEARTH_CHECK(wait_for_message(socket, observer, cancelled));
        HEARTH_TRY(datagram, worker::receive_datagram(socket));
        if (datagram.end) return lost();
        HEARTH_TRY(message, worker::decode(datagram.text));
        if (message.kind != worker::Message::Kind::done) {
            pass_on(message, observer);
            continue;
        }
        HEARTH_TRY(reply, worker::read_reply(message, datagram.fds));
        Answer answer{std::move(reply), UniqueFd()};
        if (datagram.fds.size() > 1) answer.reference = std::move(datagram.fds[1]);
        return answer;
    }
}

}  // namespace hearth::client
