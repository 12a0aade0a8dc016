// SPDX-License-Identifier: LGPL-2.1-or-later
#include <utility>

#include "core/service/job.hpp"
#include "core/service/service.hpp"

// Dividing the disk among the homes: what the service does for its Balancer.

namespace hearth::service {

namespace {

Error busy(const std::string& user) {
    return Error(Code::home_busy, "home-busy",
                 "The home of " + user + " is needed for something else.");
}

bool may_move_sizes(Task task) {
    switch (task) {
        case Task::activate:
        case Task::create:
        case Task::deactivate:
        case Task::realize:
        case Task::remove:
        case Task::resize:
        case Task::unlock:
        case Task::update:
            return true;
        default:
            return false;
    }
}

}  // namespace

void Service::divide_among(CanRebalance can_rebalance) {
    balancer_ = std::make_unique<Balancer>(
        loop_,
        [this, can = std::move(can_rebalance)] {
            return look_at_disk(registry_, surroundings_, can);
        },
        [this](const NewSize& change, Done done) { change_size(change, std::move(done)); },
        [this](const Error& error) { events_.on_problem(error); });
    balancer_->soon();
}

void Service::rebalance(Done done) {
    if (balancer_) return balancer_->ask(std::move(done));
    done(Balancer::needless());
}

/// Clients see a home that is active all the while: whatever they want of it, it gives way.
void Service::change_size(const NewSize& change, Done done) {
    Home* const home = registry_.find(change.user);
    if (home == nullptr || !is_at_rest(*home) || waiting_.contains(change.user))
        return done(busy(change.user));
    const State state = home->state();
    if (!is_active(state)) return done(busy(change.user));
    auto job = std::make_unique<Job>();
    job->ticket = ++last_;
    job->task = Task::resize;
    job->user = change.user;
    job->order.request = worker::plain_request("rebalance", change.user);
    job->order.request.size = change.to;
    job->order.done = std::move(done);
    job->by_itself = true;
    home->set_activity(state);
    home->gives_way = job->ticket;
    run(std::move(job));
}

/// True: it has been asked to end, and will in a moment.
bool Service::give_way(const std::string& user) {
    const Home* const home = registry_.find(user);
    if (home == nullptr || !home->gives_way) return false;
    cancel(*home->gives_way);
    return true;
}

void Service::machine_ends(bool ends) {
    machine_ends_ = ends;
    hold_sizes();
}

void Service::hold_division(bool on) {
    holds_division_ = on;
    hold_sizes();
}

void Service::hold_sizes() {
    const bool on = machine_ends_ || holds_division_;
    if (balancer_) balancer_->hold(on);
    if (!on) return;
    for (const auto& entry : registry_.homes()) give_way(entry.first);
}

void Service::sizes_moved(const Job& job) {
    if (!balancer_ || !may_move_sizes(job.task)) return;
    balancer_->forget(job.user);
    balancer_->soon();
}

}  // namespace hearth::service
