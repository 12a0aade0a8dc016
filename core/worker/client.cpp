// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/client.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <set>

#include "core/home/lock.hpp"
#include "core/worker/conversation.hpp"

namespace hearth::worker {

namespace {

/// False: time is up.
Result<bool> wait_for_worker(Conversation& conversation, Observer& observer, bool& cancelled) {
    const int cancel_fd = cancelled ? -1 : observer.cancel_fd();
    std::array<pollfd, 2> watched = {{{conversation.fd(), POLLIN, 0}, {cancel_fd, POLLIN, 0}}};
    const int n = ::poll(watched.data(), watched.size(), conversation.deadline_ms());
    if (n < 0 && errno == EINTR) return true;
    if (n < 0)
        return Error(Code::internal, "worker-start", "Cannot wait for the worker.").sys(errno);
    if (n > 0 && watched[1].revents != 0) {
        cancelled = true;
        conversation.cancel();
    }
    return n > 0;
}

Result<Reply> converse(const Opening& opening, Observer& observer) {
    HEARTH_TRY(conversation, Conversation::start(opening));
    bool cancelled = false;
    for (;;) {
        HEARTH_TRY(in_time, wait_for_worker(conversation, observer, cancelled));
        auto end = in_time ? conversation.step(observer) : conversation.on_deadline();
        if (end) return *std::move(end);
    }
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
        auto result = converse(Opening{root_, plain_request("recover", user)}, observer);
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
