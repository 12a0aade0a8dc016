// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>

#include <memory>
#include <utility>

#include "core/home/store.hpp"
#include "core/service/job.hpp"
#include "core/service/service.hpp"
#include "core/system/suspension.hpp"

namespace hearth::service {

namespace {

constexpr std::uint64_t kRetryUsec = 15'000'000;

Error too_many(const std::string& user) {
    return Error(Code::home_busy, "too-many-operations",
                 "Too many operations on the home of " + user + " are waiting.")
        .hint("Try again in a moment.");
}

Error used(const std::string& user) {
    return Error(Code::home_busy, "home-referenced", "The home of " + user + " is still in use.")
        .why("Somebody is logged in.");
}

/// In which state of rest is what done to open it?
Result<Task> task_to_open(State state, const std::string& user) {
    if (state == State::locked) return Task::unlock;
    if (is_active(state)) return Task::authenticate;
    HEARTH_TRY(way, way_of(Task::activate, state, user));
    (void)way;
    return Task::activate;
}

State shown_while(Task task, State state) {
    if (state == State::unfixated) return State::fixating_for_acquire;
    if (task == Task::unlock) return State::unlocking_for_acquire;
    return task == Task::activate ? State::activating_for_acquire
                                  : State::authenticating_for_acquire;
}

const char* verb_of(Task task) {
    if (task == Task::unlock) return "unlock";
    return task == Task::activate ? "activate" : "authenticate";
}

}  // namespace

bool Service::enqueue(const std::string& user, Waiting::Rank rank, Waiting::Turn turn) {
    if (!waiting_[user].add(rank, std::move(turn))) return false;
    give_way(user);
    serve_queue(user);
    return true;
}

/// Where the home is gone meanwhile, each finds out in its turn, and says so.
void Service::serve_queue(const std::string& user) {
    for (;;) {
        const Home* const home = registry_.find(user);
        const auto queue = waiting_.find(user);
        if (queue == waiting_.end() || (home != nullptr && !is_at_rest(*home))) return;
        const Waiting::Turn turn = queue->second.next();
        if (queue->second.empty()) waiting_.erase(queue);
        turn();
    }
}

Waiting::Rank Service::rank_of(const Caller& caller, const Home& home) const {
    return caller.uid == 0 || caller.uid == home.uid() ? Waiting::Rank::client
                                                       : Waiting::Rank::stranger;
}

void Service::acquire(Order order, bool please_suspend, GotReference done) {
    Home* const home = registry_.find_any(order.request.subject);
    if (home == nullptr) return done(home::unknown_home(order.request.subject));
    const std::string user = home->user_name();
    const Waiting::Rank rank = rank_of(order.caller, *home);
    // Before anything is opened: so the home cannot be closed between the two.
    auto reference =
        home->references().add(root(), loop_, user, please_suspend, [this, user] { unused(user); });
    if (!reference) return done(std::move(reference).error());
    auto kept = std::make_shared<UniqueFd>(std::move(reference).value());
    auto job = std::make_shared<Job>();
    job->reference = kept;
    job->order = std::move(order);
    job->order.done = [this, user, kept, done = std::move(done)](Result<worker::Reply> result) {
        if (!result) {
            kept->reset();
            return done(std::move(result).error());
        }
        if (Home* const opened = registry_.find(user)) opened->was_referenced = true;
        done(std::move(*kept));
    };
    if (!enqueue(user, rank, [this, job, user] { try_acquire(*job, user); }))
        answer(*job, too_many(user));
}

void Service::try_acquire(Job& waiting, const std::string& user) {
    Home* const found = registry_.find(user);
    if (found == nullptr) return answer(waiting, home::unknown_home(user));
    Home& home = *found;
    const State state = home.state();
    auto job = std::make_unique<Job>(std::move(waiting));
    job->ticket = ++last_;
    job->user = user;
    const auto task = task_to_open(state, user);
    if (!task) return answer(*job, task.error());
    job->task = *task;
    job->order.request.verb = verb_of(*task);
    job->order.request.subject = user;
    if (auto counted = count(*job, home); !counted) return answer(*job, std::move(counted).error());
    job->shown_as = shown_while(*task, state);
    home.retry.reset();
    go(std::move(job), home, state == State::unfixated ? Way::fixate_first : Way::run);
}

Result<UniqueFd> Service::ref(const std::string& name, bool please_suspend, bool in_any_state) {
    Home* const home = registry_.find_any(name);
    if (home == nullptr) return home::unknown_home(name);
    const std::string user = home->user_name();
    const State state = home->state();
    if (!in_any_state && !is_active(state)) {
        if (state == State::absent)
            return Error(Code::home_absent, "home-absent",
                         "What the home of " + user + " is kept in is not there.");
        HEARTH_TRY(way, way_of(Task::lock, state, user));
        (void)way;
    }
    home->retry.reset();
    home->close_when_unused = false;
    home->was_referenced = true;
    return home->references().add(root(), loop_, user, please_suspend,
                                  [this, user] { unused(user); });
}

/// The last user of the home is gone.
void Service::unused(const std::string& user) {
    enqueue(user, Waiting::Rank::service, [this, user] { close_unused(user); });
}

/// Always its turn: a locked home is closed when it has been unlocked, so that unlocking it is not
/// kept waiting.
void Service::close_unused(const std::string& user) {
    Home* const home = registry_.find(user);
    if (home == nullptr || home->references().any()) return;
    const State state = home->state();
    const bool locked = state == State::locked && home->was_referenced;
    const bool close = is_active(state) && home->was_referenced;
    home->was_referenced = home->close_when_unused = locked;
    if (!locked && !close) home->references().remove(root(), user);
    if (!close) return;
    deactivate(user, false, [this, user](const Result<worker::Reply>& result) {
        if (!result && result.error().code() == Code::home_busy) retry_later(user);
    });
}

/// Programs that end late are no reason to leave a home open for ever.
void Service::retry_later(const std::string& user) {
    Home* const home = registry_.find(user);
    if (home == nullptr || home->references().any()) return;
    home->was_referenced = true;
    home->retry = loop_.after(kRetryUsec, [this, user] {
        Home* const lingering = registry_.find(user);
        if (lingering == nullptr) return;
        const auto over = std::move(lingering->retry);
        unused(user);
    });
    events_.on_changed(*home);
}

void Service::deactivate(const std::string& user, bool keep_size, Done done) {
    Order order;
    order.request = worker::plain_request("deactivate", user);
    order.request.keep_size = keep_size || machine_ends_;
    order.done = std::move(done);
    submit(std::move(order));
}

/// Nothing can be saved any more, and what is mounted there keeps its place from being used again.
void Service::devices_changed() {
    for (const auto& [user, home] : registry_.homes()) {
        const std::string folder = root().path(home->home_directory());
        if (!is_active(home->state()) || !system::is_pulled_out(AT_FDCWD, folder)) continue;
        enqueue(user, Waiting::Rank::service, [this, name = user] { close_pulled_out(name); });
    }
}

void Service::close_pulled_out(const std::string& user) {
    const Home* const home = registry_.find(user);
    if (home == nullptr || !is_active(home->state())) return;
    Order order;
    order.request = worker::plain_request("deactivate", user);
    order.request.forced = true;
    order.done = [this](const Result<worker::Reply>& result) {
        if (!result) events_.on_problem(result.error());
    };
    submit(std::move(order));
}

void Service::release(const std::string& name, Done done) {
    Home* const home = registry_.find_any(name);
    if (home == nullptr) return done(home::unknown_home(name));
    const std::string user = home->user_name();
    if (!enqueue(user, Waiting::Rank::client, [this, user, done] { close_if_free(user, done); }))
        done(too_many(user));
}

void Service::close_if_free(const std::string& user, const Done& done) {
    const Home* const home = registry_.find(user);
    if (home == nullptr) return done(home::unknown_home(user));
    const State state = home->state();
    if (home->references().any()) return done(used(user));
    if (state == State::locked || is_active(state)) return deactivate(user, false, done);
    done(worker::Reply());
}

/// Answers when as many have ended as have begun.
class Service::Countdown {
  public:
    explicit Countdown(Done done) : done_(std::move(done)) {}
    Countdown(const Countdown&) = delete;
    Countdown& operator=(const Countdown&) = delete;
    ~Countdown() {
        if (first_)
            done_(*first_);
        else
            done_(worker::Reply());
    }
    void note(const Result<worker::Reply>& result) {
        if (!result && !first_) first_ = result.error();
    }

  private:
    Done done_;
    std::optional<Error> first_;
};

void Service::lock_all(Done done) {
    const auto all = std::make_shared<Countdown>(std::move(done));
    for (const auto& entry : registry_.homes()) {
        const std::string& user = entry.first;
        if (!entry.second->references().may_suspend()) continue;
        enqueue(user, Waiting::Rank::service, [this, user, all] {
            const Home* const now = registry_.find(user);
            if (now == nullptr || !now->references().may_suspend() || !is_active(now->state()))
                return;
            Order order;
            order.request = worker::plain_request("lock", user);
            order.done = [all](const Result<worker::Reply>& result) {
                // One that cannot be locked stays open: the machine sleeps all the same.
                if (result || result.error().id() != "storage-cannot-lock") all->note(result);
            };
            submit(std::move(order));
        });
    }
}

void Service::deactivate_all(Done done) {
    const auto all = std::make_shared<Countdown>(std::move(done));
    for (const auto& entry : registry_.homes()) {
        const std::string& user = entry.first;
        if (!entry.second->activity() && !is_active(entry.second->state())) continue;
        enqueue(user, Waiting::Rank::service, [this, user, all] {
            const Home* const now = registry_.find(user);
            if (now != nullptr && is_active(now->state()))
                deactivate(user, true, [all](const Result<worker::Reply>& r) { all->note(r); });
        });
    }
}

}  // namespace hearth::service
