// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/conversation.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "core/system/clock.hpp"
#include "core/worker/datagram.hpp"
#include "core/worker/installation.hpp"

namespace hearth::worker {

namespace {

constexpr std::size_t kMaxRecord = std::size_t{1} << 20;

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

Error no_resources(const char* what) {
    return Error(Code::internal, "worker-start",
                 std::string("Cannot make a ") + what + " for the worker.")
        .sys(errno);
}

Result<Pipe> make_socket() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.data()) != 0)
        return no_resources("socket");
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<Pipe> make_pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return no_resources("pipe");
    return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<void> add_event(int events, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (::epoll_ctl(events, EPOLL_CTL_ADD, fd, &event) != 0) return no_resources("watch");
    return ok();
}

}  // namespace

system::GroupLimits worker_limits() {
    const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return {.memory = pages / 4 * 3 * page, .processes = 256};
}

Result<Conversation> Conversation::start(const Opening& opening,
                                         std::optional<system::ControlGroup> group) {
    HEARTH_TRY(socket, make_socket());
    HEARTH_TRY(cancel, make_pipe());
    UniqueFd error_output;
    HEARTH_TRY(chatter, Chatter::open(error_output));
    system::SpawnRequest spawn;
    spawn.program = worker_program();
    spawn.arguments = {"hearth-worker", opening.request.verb, opening.request.subject};
    // It knows the homes itself, and must not ask a service that may be waiting for it.
    spawn.environment = {"SYSTEMD_BYPASS_USERDB=io.systemd.Home"};
    spawn.fds = {{socket.write.get(), kSocketFd},
                 {cancel.read.get(), kCancelFd},
                 {error_output.get(), STDERR_FILENO}};
    spawn.takes_all_along = true;
    if (group) {
        spawn.control_group = group->fd();
        spawn.fds.emplace_back(group->fd(), kGroupFd);
    }
    auto child = system::spawn(spawn);
    if (!child) {
        return std::move(child).error().context("The worker program cannot be started.");
    }
    HEARTH_CHECK(send_opening(socket.read.get(), opening));
    Conversation conversation(std::move(group), std::move(child).value(), std::move(socket.read),
                              std::move(cancel.write), std::move(chatter));
    HEARTH_CHECK(conversation.watch());
    return conversation;
}

std::int64_t Conversation::now_ms() {
    return static_cast<std::int64_t>(system::monotonic_usec() / 1000);
}

/// The end of the process, too: whoever else has the other end of the socket keeps it open.
Result<void> Conversation::watch() {
    events_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    if (!events_) return no_resources("watch");
    for (const int fd : {socket_.get(), child_.pidfd(), chatter_.fd()})
        HEARTH_CHECK(add_event(events_.get(), fd));
    return ok();
}

int Conversation::deadline_ms() const {
    return patience_.left(now_ms());
}

std::optional<Result<Reply>> Conversation::step(Listener& listener) {
    chatter_.pass_on();
    if (!socket_) return look_for_end();
    auto datagram = try_receive_datagram(socket_.get());
    if (!datagram) {
        farewell(std::move(datagram).error());
    } else if (*datagram) {
        take(**std::move(datagram), listener);
    } else {
        return look_for_end();
    }
    return std::nullopt;
}

void Conversation::take(Datagram datagram, Listener& listener) {
    if (datagram.end) {
        socket_.reset();
        return patience_.on_farewell(now_ms());
    }
    auto message = decode(datagram.text);
    if (!message) {
        // Whatever spoke for it: it is not to be believed, nor left to go on.
        (void)child_.kill(SIGKILL);
        return farewell(std::move(message).error());
    }
    if (message->kind == Message::Kind::done) return farewell(read_reply(*message, datagram.fds));
    pass_on(*message, listener);
}

void Conversation::pass_on(const Message& message, Listener& listener) {
    switch (message.kind) {
        case Message::Kind::progress:
            step_ = message.step;
            patience_.on_progress(message.step, message.done, now_ms());
            listener.on_progress(message.step, message.done, message.total);
            break;
        case Message::Kind::log:
            listener.on_log(static_cast<unsigned>(message.priority), message.text);
            break;
        case Message::Kind::critical:
            patience_.on_critical(message.on, now_ms());
            break;
        case Message::Kind::done:
            break;
    }
}

/// Nothing that comes after it is listened to.
void Conversation::farewell(Result<Reply> reply) {
    reply_ = std::move(reply);
    socket_.reset();
    patience_.on_farewell(now_ms());
}

std::optional<Result<Reply>> Conversation::look_for_end() {
    auto ended = child_.wait_for(0);
    if (ended && !*ended) return std::nullopt;
    while (chatter_.pass_on()) continue;
    if (reply_) return *std::move(reply_);
    if (!ended) return std::move(ended).error();
    if (killed_) return hangs();
    if (group_ && group_->ran_out_of_memory()) return ate_memory();
    return died(**ended);
}

void Conversation::cancel() {
    cancel_.reset();
    patience_.on_cancel(now_ms());
}

std::optional<Result<Reply>> Conversation::on_deadline() {
    if (patience_.left(now_ms()) > 0) return std::nullopt;
    if (patience_.can_ask()) {
        cancel();
        return std::nullopt;
    }
    if (killed_) {
        // It waits in the kernel, for a disk that does not answer.
        child_.abandon();
        return reply_ ? *std::move(reply_) : Result<Reply>(hangs());
    }
    killed_ = true;
    HEARTH_CHECK(child_.kill(SIGKILL));
    // What it had said in time holds. Otherwise nobody listens any more.
    socket_.reset();
    patience_.on_killed(now_ms());
    return std::nullopt;
}

Result<Reply> read_reply(const Message& message, const std::vector<UniqueFd>& fds) {
    if (message.error) return *message.error;
    Reply reply;
    reply.warnings = message.warnings;
    if (!fds.empty()) {
        HEARTH_TRY(text, from_memfd(fds[0].get(), kMaxRecord));
        HEARTH_TRY(record, record::UserRecord::parse(text));
        reply.record = std::move(record);
    }
    return reply;
}

Error Conversation::died(const system::ExitState& ended) const {
    const int number = ended.signal != 0 ? ended.signal : ended.code - kEndedBySignal;
    const std::string how = number > 0 ? "killed by signal " + std::to_string(number)
                                       : "ended with status " + std::to_string(ended.code);
    return Error(Code::internal, "worker-crashed",
                 "The worker process died in the middle of the operation.")
        .why("It was " + how + while_doing() + ".")
        .hint(
            "What it had begun is finished or undone now; see the home with homectl inspect. "
            "If a plugin is to "
            "blame, homectl plugins lists them.");
}

Error Conversation::ate_memory() const {
    return Error(Code::no_memory, "worker-memory",
                 "The worker process took more memory than it may, and was ended.")
        .why("It had taken " + std::to_string(worker_limits().memory >> 20U) + " MiB" +
             while_doing() + ".")
        .hint(
            "What it had begun is finished or undone now. If the home's keys are derived with more "
            "memory than that, change them on a larger machine (homectl passwd).");
}

Error Conversation::hangs() const {
    return Error(Code::timeout, "worker-hangs",
                 "The worker process stopped answering and was ended.")
        .why("It said nothing for a long time" + while_doing() + ".")
        .hint("What it had begun is finished or undone now; see the home with homectl inspect.");
}

std::string Conversation::while_doing() const {
    return step_.empty() ? "" : " while it was " + step_;
}

bool worker_was_lost(const Result<Reply>& result) {
    if (result) return false;
    const auto& id = result.error().id();
    return id == "worker-crashed" || id == "worker-hangs" || id == "worker-memory" ||
           id == "worker-protocol";
}

}  // namespace hearth::worker
