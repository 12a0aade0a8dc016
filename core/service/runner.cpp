// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/runner.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "core/worker/opening.hpp"

namespace hearth::service {

namespace {

class Nobody final : public worker::Listener {
  public:
    void on_progress(const std::string& /*step*/, std::uint64_t /*done*/,
                     std::uint64_t /*total*/) override {}
    void on_log(unsigned /*priority*/, const std::string& /*line*/) override {}
};

Error cancelled() {
    return Error(Code::cancelled, "cancelled", "The operation was cancelled.")
        .why("It had not begun yet.");
}

}  // namespace

struct Runner::Run {
    Id id = 0;
    worker::Request request;
    std::string home;
    std::string operation;
    std::shared_ptr<worker::Listener> listener;
    Done done;
    std::optional<worker::Conversation> conversation;
    std::unique_ptr<Loop::Handle> watch;
    std::unique_ptr<Loop::Handle> deadline;
};

Runner::Runner(const home::Root& root, Loop& loop, Prepare prepare)
    : root_(root),
      loop_(loop),
      prepare_(std::move(prepare)),
      most_(std::max(1U, std::thread::hardware_concurrency()) + 2) {}

Runner::~Runner() = default;

Runner::Id Runner::run(worker::Request request, std::string home,
                       std::shared_ptr<worker::Listener> listener, Done done) {
    auto run = std::make_unique<Run>();
    run->id = ++last_;
    run->operation = request.operation;
    run->request = std::move(request);
    run->home = std::move(home);
    run->listener = listener ? std::move(listener) : std::make_shared<Nobody>();
    run->done = std::move(done);
    waiting_.push_back(std::move(run));
    start_next();
    return last_;
}

void Runner::cancel(Id id) {
    if (const auto found = running_.find(id); found != running_.end()) {
        if (!found->second->conversation) return;
        found->second->conversation->cancel();
        arm_deadline(*found->second);
        return;
    }
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const auto& run) { return run->id == id; });
    if (found == waiting_.end()) return;
    (*found)->request.verb.clear();
    start_next();
}

void Runner::start_next() {
    while (!waiting_.empty() &&
           (running_.size() < most_ || waiting_.front()->request.verb.empty())) {
        auto run = std::move(waiting_.front());
        waiting_.pop_front();
        start(std::move(run));
    }
}

/// Not at start-up: the first operation can wait for it better.
std::optional<system::ControlGroup> Runner::next_group() {
    if (!std::exchange(has_looked_for_groups_, true)) groups_ = system::ControlGroups::take_over();
    if (!groups_) return std::nullopt;
    return groups_->make(worker::worker_limits());
}

/// Failures are told from the loop, like everything else.
void Runner::start(std::unique_ptr<Run> run) {
    Run& started = *run;
    const Id id = started.id;
    Result<void> begun = started.request.verb.empty() ? Result<void>(cancelled()) : ok();
    if (begun) {
        prepare_(started.request);
        auto conversation = worker::Conversation::start(
            worker::Opening{root_, std::move(started.request)}, next_group());
        if (conversation)
            started.conversation = std::move(conversation).value();
        else
            begun = std::move(conversation).error();
    }
    running_[id] = std::move(run);
    if (!begun) {
        started.deadline =
            loop_.after(0, [this, id, error = begun.error()] { end(id, Error(error)); });
        return;
    }
    started.watch = loop_.watch(started.conversation->fd(), [this, id] { on_readable(id); });
    arm_deadline(started);
}

void Runner::arm_deadline(Run& run) {
    run.deadline.reset();
    const auto left = static_cast<std::uint64_t>(run.conversation->deadline_ms());
    run.deadline = loop_.after(left * 1000, [this, id = run.id] { on_deadline(id); });
}

void Runner::on_readable(Id id) {
    Run& run = *running_.at(id);
    if (auto result = run.conversation->step(*run.listener)) return end(id, *std::move(result));
    arm_deadline(run);
}

void Runner::on_deadline(Id id) {
    Run& run = *running_.at(id);
    if (auto result = run.conversation->on_deadline()) return end(id, *std::move(result));
    arm_deadline(run);
}

void Runner::end(Id id, Result<worker::Reply> result) {
    const auto found = running_.find(id);
    const std::unique_ptr<Run> run = std::move(found->second);
    running_.erase(found);
    if (worker::worker_was_lost(result) && !run->home.empty()) {
        recover(*run, std::move(result));
    } else {
        run->done(std::move(result));
    }
    start_next();
}

/// If this fails too, the journal stays and the next start tries again; the first failure is the
/// one to report.
void Runner::recover(Run& lost, Result<worker::Reply> result) {
    auto listener = lost.listener;
    auto first = std::make_shared<Result<worker::Reply>>(std::move(result));
    worker::Request request = worker::plain_request("recover", lost.home);
    request.operation = lost.operation;
    run(std::move(request), "", listener,
        [first, listener, done = std::move(lost.done)](Result<worker::Reply> recovered) {
            if (!recovered) listener->on_log(3, recovered.error().one_line());
            done(std::move(*first));
        });
}

}  // namespace hearth::service
