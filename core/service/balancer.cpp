// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/balancer.hpp"

#include <algorithm>
#include <utility>

namespace hearth::service {

namespace {

/// Whoever has just logged in has the disk for themselves for a moment.
constexpr std::uint64_t kSoonUsec = 2'000'000;
constexpr std::uint64_t kBusyUsec = 15'000'000;

Error not_now() {
    return Error(Code::home_busy, "rebalance-not-now",
                 "Homes keep their size now: the machine is about to sleep or to stop.")
        .hint("Try again when it is awake.");
}

}  // namespace

Balancer::Balancer(Loop& loop, std::function<Disk()> look, Change change, Problem problem)
    : loop_(loop),
      look_(std::move(look)),
      change_(std::move(change)),
      problem_(std::move(problem)) {}

Balancer::~Balancer() = default;

Error Balancer::needless() {
    return Error(Code::not_supported, "rebalance-needless",
                 "There are no homes among which room could be divided.")
        .why("Only homes in images take part, while they are open, unless they have a fixed size.");
}

void Balancer::ask(Done done) {
    waiting_.push_back(std::move(done));
    if (!running_) begin();
}

void Balancer::soon() {
    if (comes_soon_ || held_) return;
    comes_soon_ = true;
    if (!running_) arm(kSoonUsec);
}

void Balancer::hold(bool on) {
    held_ = on;
    if (!on) return soon();
    timer_.reset();
    comes_soon_ = false;
}

void Balancer::begin() {
    const auto over = std::move(timer_);
    comes_soon_ = was_busy_ = false;
    if (held_) return answer(not_now());
    Disk disk = look_();
    std::erase_if(disk.homes, [this](const Share& home) { return refused_.contains(home.user); });
    if (disk.homes.empty()) return answer(needless());
    least_free_ = disk.free;
    for (const Share& home : disk.homes) least_free_ = std::min(least_free_, home.free);
    const auto changes = divide(disk.free, std::move(disk.homes));
    todo_.assign(changes.begin(), changes.end());
    running_ = true;
    next();
}

void Balancer::next() {
    if (held_ || todo_.empty()) return end();
    const NewSize change = std::move(todo_.front());
    todo_.pop_front();
    change_(change, [this, user = change.user](const Result<worker::Reply>& result) {
        note(user, result);
        next();
    });
}

/// The room of a home that did not shrink is missing when others grow: they take what there is.
void Balancer::note(const std::string& user, const Result<worker::Reply>& result) {
    if (result) return;
    switch (result.error().code()) {
        case Code::home_busy:
        case Code::cancelled:
            was_busy_ = true;
            return;
        case Code::home_not_active:
        case Code::home_locked:
            return;
        case Code::not_supported:
        case Code::fstype_unsupported:
        case Code::cannot_shrink:
        case Code::shrink_offline_only:
            refused_.insert(user);
            break;
        default:
            // A worker that died, say: the next round tries again.
            break;
    }
    problem_(result.error());
}

void Balancer::end() {
    running_ = false;
    todo_.clear();
    if (!held_)
        arm(comes_soon_ ? kSoonUsec : was_busy_ ? kBusyUsec : next_division_usec(least_free_));
    answer(ok());
}

void Balancer::arm(std::uint64_t usec) {
    timer_ = loop_.after(usec, [this] { begin(); });
}

void Balancer::answer(const Result<void>& result) {
    for (const Done& done : std::exchange(waiting_, {})) {
        if (result)
            done(worker::Reply());
        else
            done(result.error());
    }
}

}  // namespace hearth::service
