// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/conversation.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "core/worker/datagram.hpp"
#include "core/worker/installation.hpp"

namespace hearth::worker {

namespace {

/// How long a worker may say nothing. A plugin's entry function has no business to take long; a key
/// derivation has.
constexpr int kLoadingDeadlineMs = 10'000;
constexpr int kStepDeadlineMs = 120'000;
constexpr std::size_t kMaxRecord = std::size_t{1} << 20;
constexpr std::string_view kLoading = "loading the plugin";

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

}  // namespace

Result<Conversation> Conversation::start(const Opening& opening) {
    HEARTH_TRY(socket, make_socket());
    HEARTH_TRY(cancel, make_pipe());
    system::SpawnRequest spawn;
    spawn.program = worker_program();
    spawn.arguments = {"hearth-worker", opening.request.verb, opening.request.subject};
    // It knows the homes itself, and must not ask a service that may be waiting for it.
    spawn.environment = {"SYSTEMD_BYPASS_USERDB=io.systemd.Home"};
    spawn.fds = {{socket.write.get(), kSocketFd},
                 {cancel.read.get(), kCancelFd},
                 {STDERR_FILENO, STDERR_FILENO}};
    auto child = system::spawn(spawn);
    if (!child) {
        return std::move(child).error().context("The worker program cannot be started.");
    }
    HEARTH_CHECK(send_opening(socket.read.get(), opening));
    return Conversation(std::move(child).value(), std::move(socket.read), std::move(cancel.write));
}

int Conversation::deadline_ms() const {
    if (critical_) return -1;
    return step_.starts_with(kLoading) ? kLoadingDeadlineMs : kStepDeadlineMs;
}

std::optional<Result<Reply>> Conversation::step(Listener& listener) {
    auto datagram = receive_datagram(socket_.get());
    if (!datagram) return std::move(datagram).error();
    if (datagram->end) return died();
    auto message = decode(datagram->text);
    if (!message) return std::move(message).error();
    if (message->kind == Message::Kind::done) return finish(*message, datagram->fds);
    pass_on(*message, listener);
    return std::nullopt;
}

void Conversation::pass_on(const Message& message, Listener& listener) {
    switch (message.kind) {
        case Message::Kind::progress:
            step_ = message.step;
            listener.on_progress(message.step, message.done, message.total);
            break;
        case Message::Kind::log:
            listener.on_log(static_cast<unsigned>(message.priority), message.text);
            break;
        case Message::Kind::critical:
            critical_ = message.on;
            break;
        case Message::Kind::done:
            break;
    }
}

Result<Reply> Conversation::finish(const Message& message, const std::vector<UniqueFd>& fds) {
    HEARTH_TRY(ended, child_.wait());
    (void)ended;
    return read_reply(message, fds);
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

Result<Reply> Conversation::died() {
    HEARTH_TRY(ended, child_.wait());
    const std::string how = ended.signal != 0 ? "killed by signal " + std::to_string(ended.signal)
                                              : "ended with status " + std::to_string(ended.code);
    return Error(Code::internal, "worker-crashed",
                 "The worker process died in the middle of the operation.")
        .why("It was " + how + while_doing() + ".")
        .hint(
            "What it had begun is finished or undone now; see the home with homectl inspect. "
            "If a plugin is to "
            "blame, homectl plugins lists them.");
}

Result<Reply> Conversation::give_up() {
    HEARTH_CHECK(child_.kill(SIGKILL));
    HEARTH_TRY(ended, child_.wait());
    (void)ended;
    return Error(Code::timeout, "worker-hangs",
                 "The worker process stopped answering and was ended.")
        .why("It said nothing for a long time" + while_doing() + ".")
        .hint("What it had begun is finished or undone now; see the home with homectl inspect.");
}

std::string Conversation::while_doing() const {
    return step_.empty() ? "" : " while it was " + step_;
}

bool worker_was_lost(const Result<Reply>& result) {
    return !result &&
           (result.error().id() == "worker-crashed" || result.error().id() == "worker-hangs");
}

}  // namespace hearth::worker
