// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/relay.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "hosts/homed/bus/trampoline.hpp"
#include "hosts/homed/relay/service_desk.hpp"

namespace hearth::homed {

namespace {

constexpr const char* kPath = "/dev/hearth/Home1";
constexpr const char* kInterface = "dev.hearth.Home1";
/// At the same time, for one user and for all of them.
constexpr std::size_t kMostOfOne = 32;
constexpr std::size_t kMostOfAll = 512;

Error no_socket() {
    return Error(Code::invalid_argument, "relay-socket",
                 "What came with the call is not a socket of the right kind.");
}

Error too_many() {
    return Error(Code::home_busy, "relay-full", "Too many operations are being asked for at once.")
        .hint("Wait until some of them have ended.");
}

int option_of(int fd, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

/// A descriptor of our own for what came with the message.
Result<UniqueFd> read_socket(sd_bus_message* message) {
    int fd = -1;
    if (sd_bus_message_read_basic(message, 'h', &fd) <= 0) return no_socket();
    if (option_of(fd, SO_DOMAIN) != AF_UNIX || option_of(fd, SO_TYPE) != SOCK_SEQPACKET)
        return no_socket();
    UniqueFd own(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    if (!own) return no_socket();
    return own;
}

}  // namespace

const sd_bus_vtable* Relay::table() {
    static const sd_bus_vtable kTable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("Run", SD_BUS_ARGS("h", socket), SD_BUS_NO_RESULT, on_run,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Metrics", SD_BUS_NO_ARGS, SD_BUS_RESULT("s", text), on_metrics,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
    };
    return kTable;
}

Result<void> Relay::start(sd_bus* bus) {
    const int r = sd_bus_add_object_vtable(bus, slot_.receive(), kPath, kInterface, table(), this);
    if (r >= 0) return ok();
    return Error(Code::internal, "bus-publish", "The service cannot offer its objects on the bus.")
        .sys(-r);
}

int Relay::on_run(sd_bus_message* message, void* self, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        static_cast<Relay*>(self)->run(std::make_shared<Call>(message));
        return 1;
    });
}

/// Anybody may know: there is no name in it.
int Relay::on_metrics(sd_bus_message* message, void* self, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        const std::string text = static_cast<Relay*>(self)->service_.metrics_text(HEARTH_VERSION);
        return sd_bus_reply_method_return(message, "s", text.c_str());
    });
}

void Relay::run(const CallPtr& call) {
    senders_.ask(call->message(), [this, call](const Result<uid_t>& uid) {
        if (!uid) return call->fail(uid.error());
        accept(call, *uid);
    });
}

/// The call is answered at once: whether the client may have what it wants is part of the answer
/// over the socket.
void Relay::accept(const CallPtr& call, uid_t uid) {
    if (has_too_many(uid)) return call->fail(too_many());
    auto socket = read_socket(call->message());
    if (!socket) return call->fail(socket.error());
    const std::uint64_t id = ++last_;
    auto desk =
        std::make_shared<ServiceDesk>(service_, access_, senders_, Message::share(call->message()));
    const auto session = std::make_shared<Session>(
        std::move(*socket), service_.loop(), std::move(desk), [this, id] { sessions_.erase(id); });
    sessions_[id] = Entry{uid, session};
    call->reply();
    session->begin();
}

bool Relay::has_too_many(uid_t uid) const {
    const auto count = std::count_if(sessions_.begin(), sessions_.end(),
                                     [&](const auto& entry) { return entry.second.uid == uid; });
    return sessions_.size() >= kMostOfAll ||
           (uid != 0 && static_cast<std::size_t>(count) >= kMostOfOne);
}

}  // namespace hearth::homed
