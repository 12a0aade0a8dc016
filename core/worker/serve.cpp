// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/serve.hpp"

#include <fcntl.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "core/operation/channel.hpp"
#include "core/operation/verbs.hpp"
#include "core/worker/datagram.hpp"
#include "core/worker/message.hpp"
#include "core/worker/opening.hpp"

namespace hearth::worker {

namespace {

using operation::Operation;
using operation::Verb;

/// What an operation says goes to the host as messages. A host that is gone does not listen: the
/// operation goes on or is undone all the same.
class SocketChannel final : public operation::Channel {
  public:
    void progress(std::string_view step, std::uint64_t done, std::uint64_t total) override {
        if (!is_news(step)) return;
        Message message;
        message.kind = Message::Kind::progress;
        message.step = step;
        message.done = done;
        message.total = total;
        send(message);
    }
    void log(int priority, std::string_view text) override {
        const unsigned number = ++lines_;
        if (number > kMostLines) return;
        Message message;
        message.kind = Message::Kind::log;
        message.priority = static_cast<std::uint64_t>(priority);
        message.text =
            number < kMostLines ? text : "More is said than anybody reads; the rest is left out.";
        send(message);
    }
    void critical(bool on) override {
        Message message;
        message.kind = Message::Kind::critical;
        message.on = on;
        send(message);
    }
    [[nodiscard]] int cancel_fd() const override { return kCancelFd; }
    [[nodiscard]] int control_group() const override { return group_.get(); }

  private:
    using Clock = std::chrono::steady_clock;

    /// A step that begins is; how far it has come is ten times a second, because each message wakes
    /// the host. Who begins step after step without end is held to that pace as well. Any thread:
    /// plugins may tell progress from their own.
    bool is_news(std::string_view step) {
        const std::lock_guard guard(mutex_);
        const Clock::time_point now = Clock::now();
        const bool begins = step != step_ && ++steps_ <= kMostSteps;
        if (!begins && now - sent_ < kPace) return false;
        step_ = step;
        sent_ = now;
        return true;
    }
    static void send(const Message& message) { (void)send_datagram(kSocketFd, encode(message)); }

    static constexpr std::chrono::milliseconds kPace{100};
    /// No operation has a tenth of it.
    static constexpr unsigned kMostLines = 2000;
    static constexpr unsigned kMostSteps = 1000;
    /// Before anything else is opened, so that this number is what the host put there.
    UniqueFd group_{::fcntl(kGroupFd, F_SETFD, FD_CLOEXEC) == 0 ? kGroupFd : -1};
    std::atomic<unsigned> lines_{0};
    unsigned steps_ = 0;
    std::mutex mutex_;
    std::string step_;
    Clock::time_point sent_;
};

struct Outcome {
    std::optional<record::UserRecord> record;
    std::vector<std::string> warnings;
};

Operation::Request operation_request(Opening& opening, Verb verb, std::string user) {
    Operation::Request out;
    out.root = opening.root;
    out.verb = verb;
    out.user = std::move(user);
    out.secrets = std::move(opening.request.secrets);
    out.new_passwords = std::move(opening.request.new_passwords);
    out.new_keys = std::move(opening.request.new_keys);
    out.skip_quality = opening.request.skip_quality;
    out.size = opening.request.size;
    out.size_share = opening.request.size_share;
    out.keep_size = opening.request.keep_size;
    out.forced = opening.request.forced;
    out.realize = opening.request.realize;
    out.offline = opening.request.offline;
    out.counted = opening.request.counted;
    out.blobs = std::move(opening.request.blobs);
    out.neighbours = std::move(opening.request.neighbours);
    return out;
}

/// The verbs that a record comes with.
Result<record::UserRecord> run_with_record(Operation& op, std::optional<record::UserRecord> given) {
    if (op.verb() == Verb::create && op.request().realize) return operation::realize(op);
    if (!given)
        return Error(Code::invalid_argument, "worker-protocol",
                     "The request came without a record.");
    switch (op.verb()) {
        case Verb::create:
            return operation::create(op, *std::move(given));
        case Verb::fixate:
            return operation::fixate(op, *std::move(given));
        case Verb::register_home:
            return operation::register_home(op, *std::move(given));
        default:
            return op.request().offline ? operation::update_offline(op, *std::move(given))
                                        : operation::update(op, *std::move(given));
    }
}

Result<std::optional<record::UserRecord>> run_verb(Operation& op, Request& request) {
    const auto some = [](record::UserRecord&& record) {
        return std::optional<record::UserRecord>(std::move(record));
    };
    switch (op.verb()) {
        case Verb::create:
        case Verb::fixate:
        case Verb::register_home:
        case Verb::update:
            return run_with_record(op, std::move(request.record)).transform(some);
        case Verb::activate:
            return operation::activate(op).transform(some);
        case Verb::deactivate:
            return operation::deactivate(op).transform(some);
        case Verb::authenticate:
            return operation::authenticate_home(op).transform(some);
        case Verb::repair:
            return operation::repair(op).transform(some);
        case Verb::passwd:
            return operation::passwd(op).transform(some);
        case Verb::resize:
            return operation::resize(op).transform(some);
        case Verb::rebalance:
            return operation::rebalance(op).transform(some);
        case Verb::lock:
            return operation::lock(op).transform(some);
        case Verb::unlock:
            return operation::unlock(op).transform(some);
        case Verb::adopt:
            return operation::adopt(op, request.subject).transform(some);
        case Verb::remove:
            HEARTH_CHECK(operation::remove(op, std::move(request.record)));
            break;
        case Verb::unregister:
            HEARTH_CHECK(operation::unregister(op));
            break;
        case Verb::recover:
            break;
    }
    return std::optional<record::UserRecord>();
}

Result<Outcome> run(Opening& opening, operation::Channel& channel) {
    const auto verb = operation::parse_verb(opening.request.verb);
    if (!verb)
        return Error(Code::invalid_argument, "worker-protocol",
                     "The request asks for an unknown operation.");
    std::string user = opening.request.subject;
    if (verb != Verb::update && opening.request.record &&
        opening.request.record->user_name() != user)
        return Error(Code::invalid_argument, "worker-protocol",
                     "The request is about another user than its record.");
    if (*verb == Verb::adopt) {
        HEARTH_TRY(named, operation::user_of_image(opening.request.subject));
        user = std::move(named);
    }
    HEARTH_TRY(op, Operation::begin(operation_request(opening, *verb, std::move(user)), channel));
    HEARTH_TRY(record, run_verb(*op, opening.request));
    return Outcome{std::move(record), op->warnings()};
}

int report(const Result<Outcome>& result) {
    Message message;
    UniqueFd record;
    if (!result) {
        message.error = result.error();
    } else {
        message.warnings = result->warnings;
        if (result->record) {
            if (auto fd =
                    to_memfd(result->record->with_sections(record::Sections::stored).canonical())) {
                record = std::move(fd).value();
            }
        }
    }
    const std::vector<int> fds = record ? std::vector<int>{record.get()} : std::vector<int>{};
    return send_datagram(kSocketFd, encode(message), fds) && result ? 0 : 1;
}

}  // namespace

int serve() {
    SocketChannel channel;
    auto opening = receive_opening(kSocketFd);
    if (!opening) return report(std::move(opening).error());
    return report(run(*opening, channel));
}

}  // namespace hearth::worker
