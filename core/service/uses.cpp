// SPDX-License-Identifier: LGPL-2.1-or-later

#include <memory>
#include <utility>

#include "core/home/store.hpp"
#include "core/service/job.hpp"
#include "core/service/service.hpp"

namespace hearth::service {

namespace {

constexpr std::size_t kMostWaiting = 100;
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

void Service::enqueue(Home& home, std::function<bool()> turn) {
    home.queue.push_back(std::move(turn));
    serve_queue(home.user_name());
}

/// The first that cannot be served keeps the others waiting. Turns may end in the loss of the home.
void Service::serve_queue(const std::string& user) {
    for (;;) {
        Home* const home = registry_.find(user);
        if (home == nullptr || home->queue.empty() || !is_at_rest(*home)) return;
        const std::function<bool()> turn = std::move(home->queue.front());
        home->queue.pop_front();
        if (turn()) continue;
        if (Home* const still = registry_.find(user)) still->queue.push_front(turn);
        return;
    }
}

void Service::acquire(Order order, bool please_suspend, GotReference done) {
    Home* const home = registry_.find_any(order.request.subject);
    if (home == nullptr) return done(home::unknown_home(order.request.subject));
    const std::string user = home->user_name();
    if (home->queue.size() >= kMostWaiting) return done(too_many(user));
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
    enqueue(*home, [this, job, user] { return try_acquire(job, user); });
}

bool Service::try_acquire(const std::shared_ptr<Job>& shared, const std::string& user) {
    Home& home = *registry_.find(user);
    const State state = home.state();
    auto job = std::make_unique<Job>(std::move(*shared));
    job->ticket = ++last_;
    job->user = user;
    const auto task = task_to_open(state, user);
    if (!task) {
        answer(*job, task.error());
        return true;
    }
    job->task = *task;
    job->order.request.verb = verb_of(*task);
    job->order.request.subject = user;
    if (auto counted = count(*job, home); !counted) {
        answer(*job, std::move(counted).error());
        return true;
    }
    job->shown_as = shown_while(*task, state);
    home.retry.reset();
    go(std::move(job), home, state == State::unfixated ? Way::fixate_first : Way::run);
    return true;
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
    Home* const home = registry_.find(user);
    if (home != nullptr) enqueue(*home, [this, user] { return close_unused(user); });
}

/// Always its turn: a locked home is closed when it has been unlocked, so that unlocking it is not
/// kept waiting.
bool Service::close_unused(const std::string& user) {
    Home& home = *registry_.find(user);
    if (home.references().any()) return true;
    const State state = home.state();
    const bool locked = state == State::locked && home.was_referenced;
    const bool close = is_active(state) && home.was_referenced;
    home.was_referenced = home.close_when_unused = locked;
    if (!locked && !close) home.references().remove(root(), user);
    if (!close) return true;
    deactivate(user, false, [this, user](const Result<worker::Reply>& result) {
        if (!result && result.error().code() == Code::home_busy) retry_later(user);
    });
    return true;
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

void Service::release(const std::string& name, Done done) {
    Home* const home = registry_.find_any(name);
    if (home == nullptr) return done(home::unknown_home(name));
    const std::string user = home->user_name();
    if (home->queue.size() >= kMostWaiting) return done(too_many(user));
    enqueue(*home, [this, user, done = std::move(done)] {
        const Home& now = *registry_.find(user);
        const State state = now.state();
        if (now.references().any())
            done(used(user));
        else if (state == State::locked || is_active(state))
            deactivate(user, false, done);
        else
            done(worker::Reply());
        return true;
    });
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
        Home& home = *entry.second;
        const std::string user = home.user_name();
        if (!home.references().may_suspend()) continue;
        enqueue(home, [this, user, all] {
            Home& now = *registry_.find(user);
            if (!now.references().may_suspend() || !is_active(now.state())) return true;
            Order order;
            order.request = worker::plain_request("lock", user);
            order.done = [all](const Result<worker::Reply>& result) {
                // One that cannot be locked stays open: the machine sleeps all the same.
                if (result || result.error().id() != "storage-cannot-lock") all->note(result);
            };
            submit(std::move(order));
            return true;
        });
    }
}

void Service::deactivate_all(Done done) {
    const auto all = std::make_shared<Countdown>(std::move(done));
    for (const auto& entry : registry_.homes()) {
        Home& home = *entry.second;
        const std::string user = home.user_name();
        if (!home.activity() && !is_active(home.state())) continue;
        enqueue(home, [this, user, all] {
            if (is_active(registry_.find(user)->state()))
                deactivate(user, true, [all](const Result<worker::Reply>& r) { all->note(r); });
            return true;
        });
    }
}

}  // namespace hearth::service
