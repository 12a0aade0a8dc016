// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <set>

#include "core/home/lock.hpp"
#include "core/system/process.hpp"
#include "core/worker/datagram.hpp"
#include "core/worker/installation.hpp"
#include "core/worker/message.hpp"
#include "core/worker/opening.hpp"

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

/// A started worker and our ends of its wires.
class Conversation {
  public:
    static Result<Conversation> start(const Opening& opening) {
        HEARTH_TRY(socket, make_socket());
        HEARTH_TRY(cancel, make_pipe());
        system::SpawnRequest spawn;
        spawn.program = worker_program();
        spawn.arguments = {"hearth-worker", opening.request.verb, opening.request.subject};
        spawn.fds = {{socket.write.get(), kSocketFd},
                     {cancel.read.get(), kCancelFd},
                     {STDERR_FILENO, STDERR_FILENO}};
        auto child = system::spawn(spawn);
        if (!child) {
            return std::move(child).error().context("The worker program cannot be started.");
        }
        HEARTH_CHECK(send_opening(socket.read.get(), opening));
        return Conversation(std::move(child).value(), std::move(socket.read),
                            std::move(cancel.write));
    }

    Result<Reply> listen(Observer& observer) {
        for (;;) {
            HEARTH_TRY(ready, wait_for_message(observer));
            if (!ready) return hangs();
            HEARTH_TRY(datagram, receive_datagram(socket_.get()));
            if (datagram.end) return died();
            HEARTH_TRY(message, decode(datagram.text));
            if (message.kind == Message::Kind::done) return finish(message, datagram.fds);
            pass_on(message, observer);
        }
    }

  private:
    Conversation(system::ChildProcess child, UniqueFd socket, UniqueFd cancel)
        : child_(std::move(child)), socket_(std::move(socket)), cancel_(std::move(cancel)) {}

    [[nodiscard]] int deadline_ms() const {
        if (critical_) return -1;
        return step_.starts_with(kLoading) ? kLoadingDeadlineMs : kStepDeadlineMs;
    }

    /// False: the worker has been silent for too long.
    Result<bool> wait_for_message(Observer& observer) {
        for (;;) {
            const int cancel_fd = cancel_ ? observer.cancel_fd() : -1;
            std::array<pollfd, 2> watched = {{{socket_.get(), POLLIN, 0}, {cancel_fd, POLLIN, 0}}};
            const int n = ::poll(watched.data(), watched.size(), deadline_ms());
            if (n < 0 && errno != EINTR) return no_resources("wait");
            if (n == 0) return false;
            if (n > 0 && watched[1].revents != 0)
                cancel_.reset();  // the worker sees the end of its pipe
            if (n > 0 && watched[0].revents != 0) return true;
        }
    }

    void pass_on(const Message& message, Observer& observer) {
        switch (message.kind) {
            case Message::Kind::progress:
                step_ = message.step;
                observer.on_progress(message.step, message.done, message.total);
                break;
            case Message::Kind::log:
                observer.on_log(static_cast<unsigned>(message.priority), message.text);
                break;
            case Message::Kind::critical:
                critical_ = message.on;
                break;
            case Message::Kind::done:
                break;
        }
    }

    Result<Reply> finish(const Message& message, const std::vector<UniqueFd>& fds) {
        HEARTH_TRY(ended, child_.wait());
        (void)ended;
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

    Result<Reply> died() {
        HEARTH_TRY(ended, child_.wait());
        const std::string how = ended.signal != 0
                                    ? "killed by signal " + std::to_string(ended.signal)
                                    : "ended with status " + std::to_string(ended.code);
        return Error(Code::internal, "worker-crashed",
                     "The worker process died in the middle of the operation.")
            .why("It was " + how + while_doing() + ".")
            .hint(
                "What it had begun is finished or undone now; see the home with homectl inspect. "
                "If a plugin is to "
                "blame, homectl plugins lists them.");
    }

    Result<Reply> hangs() {
        HEARTH_CHECK(child_.kill(SIGKILL));
        HEARTH_TRY(ended, child_.wait());
        (void)ended;
        return Error(Code::timeout, "worker-hangs",
                     "The worker process stopped answering and was ended.")
            .why("It said nothing for a long time" + while_doing() + ".")
            .hint(
                "What it had begun is finished or undone now; see the home with homectl inspect.");
    }

    [[nodiscard]] std::string while_doing() const {
        return step_.empty() ? "" : " while it was " + step_;
    }

    system::ChildProcess child_;
    UniqueFd socket_;
    UniqueFd cancel_;
    std::string step_;
    bool critical_ = false;
};

Result<Reply> converse(Opening opening, Observer& observer) {
    HEARTH_TRY(conversation, Conversation::start(opening));
    return conversation.listen(observer);
}

bool worker_was_lost(const Result<Reply>& result) {
    return !result &&
           (result.error().id() == "worker-crashed" || result.error().id() == "worker-hangs");
}

}  // namespace

Client::Client(home::Root root) : root_(std::move(root)) {}

Result<Reply> Client::run(Request request, Observer& observer) {
    const bool recovers = request.verb == "recover";
    if (recovers && request.subject.empty()) return recover_all(observer);
    auto result = converse(Opening{root_, std::move(request)}, observer);
    if (worker_was_lost(result) && !recovers) {
        // If this fails too, the journal stays and the next start tries again; the first failure is
        // the one to report.
        if (auto repaired = recover_all(observer); !repaired)
            observer.on_log(3, repaired.error().one_line());
    }
    return result;
}

Result<Reply> Client::recover_all(Observer& observer) {
    Reply all;
    std::optional<Error> first;
    for (const auto& user : unfinished_homes(root_)) {
        if (home::is_locked(root_, user)) continue;
        Request request;
        request.verb = "recover";
        request.subject = user;
        auto result = converse(Opening{root_, std::move(request)}, observer);
        if (result)
            all.warnings.push_back("An interrupted operation on the home of " + user +
                                   " was finished or undone.");
        else if (!first)
            first = std::move(result).error();
    }
    if (first) return *first;
    return all;
}

std::vector<std::string> unfinished_homes(const home::Root& root) {
    constexpr std::string_view kSuffix = ".journal";
    std::set<std::string> users;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(root.journal_dir(), error)) {
        std::string name = entry.path().filename().string();
        // ".#USER.journal0123456789abcdef": its writer died before it had its name.
        if (name.starts_with(".#")) name.erase(0, 2);
        if (const auto end = name.rfind(kSuffix); end != std::string::npos && end > 0)
            users.insert(name.substr(0, end));
    }
    return {users.begin(), users.end()};
}

}  // namespace hearth::worker
