// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <utility>

#include "core/home/image_name.hpp"
#include "core/home/store.hpp"
#include "core/home/uid.hpp"
#include "core/record/effective.hpp"
#include "core/service/job.hpp"
#include "core/service/service.hpp"
#include "core/system/clock.hpp"

namespace hearth::service {

namespace {

/// Guessing takes at least so long, but for root, who needs no guess.
constexpr std::uint64_t kGuessUsec = 3'000'000;
/// Places that a new home could take by mistake; there are a few at the most, unless many users
/// have names that begin like this one, and a request has an end.
constexpr std::size_t kMostPaths = 256;

Error unknown_verb() {
    return Error(Code::invalid_argument, "worker-protocol",
                 "The request asks for an unknown operation.");
}

Error taken(const std::string& name) {
    return Error(Code::home_exists, "user-exists", "There is already a home of " + name + ".")
        .hint("Choose another name, or change the home with: homectl update " + name);
}

Error recovering(const std::string& user) {
    return Error(Code::home_busy, "home-busy",
                 "An interrupted operation on the home of " + user + " is being finished.")
        .hint("Try again in a moment.");
}

Error unreferenced(const std::string& user) {
    return Error(Code::home_not_active, "home-not-referenced",
                 "Nobody is using the home of " + user + ".")
        .why("It was to be opened for somebody who uses it already.");
}

bool makes_home(Task task) {
    return task == Task::create || task == Task::register_home || task == Task::adopt;
}

/// The record that a home is about to get, as the worker sees it. Of what it adopts the service
/// knows none.
std::optional<record::UserRecord> new_record(const worker::Request& request,
                                             const Registry& homes) {
    const Home* const known = request.realize ? homes.find(request.subject) : nullptr;
    if (known != nullptr) return known->record();
    if ((request.verb != "create" && request.verb != "register") || !request.record)
        return std::nullopt;
    return request.record->with_sections(record::Sections::embedded);
}

bool takes_record(Task task) {
    return task == Task::update || task == Task::update_offline;
}

bool is_wrong_guess(const Service::Job& job, const Result<worker::Reply>& result) {
    return !result && result.error().code() == Code::bad_secret && job.has_secret &&
           job.order.caller.uid != 0;
}

}  // namespace

Ticket Service::submit(Order order) {
    auto job = std::make_unique<Job>();
    const Ticket ticket = job->ticket = ++last_;
    const auto task = parse_task(order.request.verb);
    job->order = std::move(order);
    if (!task) {
        job->is_unknown = true;
        answer(*job, unknown_verb());
        return ticket;
    }
    job->task = *task;
    if (job->task == Task::update && job->order.request.offline) job->task = Task::update_offline;
    if (job->task == Task::create && job->order.request.realize) job->task = Task::realize;
    if (makes_home(job->task))
        submit_new(std::move(job));
    else
        submit_known(std::move(job));
    return ticket;
}

/// A home that is being made is nobody's business until it has a UID and a record.
void Service::submit_new(std::unique_ptr<Job> job) {
    const worker::Request& request = job->order.request;
    // The worker says what is wrong with the name of an image.
    if (job->task == Task::adopt)
        job->user = home::name_of_image(request.subject).value_or(home::ImageName()).user;
    else if (request.record)
        job->user = request.record->user_name();
    else
        return answer(*job, unknown_verb());
    const Home* const there = registry_.find(job->user);
    const bool may_be_there = job->task == Task::adopt && there != nullptr && !there->is_fixated();
    if ((there != nullptr && !may_be_there) || !making_.insert(job->user).second)
        return answer(*job, taken(job->user));
    if (job->task != Task::adopt) job->order.request.subject = job->user;
    run(std::move(job));
}

void Service::submit_known(std::unique_ptr<Job> job) {
    Home* const home = registry_.find_any(job->order.request.subject);
    if (home == nullptr) return answer(*job, home::unknown_home(job->order.request.subject));
    job->user = job->order.request.subject = home->user_name();
    if (recovering_.contains(job->user)) return answer(*job, recovering(job->user));
    if (home->gives_way) return submit_behind(std::move(job));
    if (job->order.only_if_referenced && !home->references().any())
        return answer(*job, unreferenced(job->user));
    const auto way = way_of(job->task, home->state(), job->user);
    if (!way) return answer(*job, way.error());
    if (auto counted = count(*job, *home); !counted)
        return answer(*job, std::move(counted).error());
    go(std::move(job), *home, *way);
}

/// Behind what the service does by itself, which ends for that.
void Service::submit_behind(std::unique_ptr<Job> job) {
    const std::string user = job->user;
    const auto held = std::make_shared<Job>(std::move(*job));
    enqueue(user, Waiting::Rank::service,
            [this, held] { submit_known(std::make_unique<Job>(std::move(*held))); });
}

/// Root and the owner use up the home's own attempts, which the worker counts in its record, once
/// there is one. Everybody else has attempts of their own.
Result<void> Service::count(const Job& job, const Home& home) {
    const uid_t uid = job.order.caller.uid;
    const bool counted_in_record = home.is_fixated() && (uid == 0 || uid == home.uid());
    if (!is_attempt(job.task) || counted_in_record) return ok();
    return limit_.count(record::Effective(home.record(), machine()), uid, system::now_usec());
}

void Service::go(std::unique_ptr<Job> job, Home& home, Way way) {
    worker::Request& request = job->order.request;
    const uid_t uid = job->order.caller.uid;
    request.counted = uid == 0 || uid == home.uid();
    if (way == Way::stop_retrying) return keep_open(*job, home);
    if (way == Way::forget_the_record) {
        request.verb = "unregister";
        job->task = Task::unregister;
    }
    // What its place tells is all there is; nobody else's idea of it is used.
    if (!takes_record(job->task)) request.record.reset();
    if (!home.is_fixated()) request.record = home.record();
    const bool fixates = job->task == Task::fixate || way == Way::fixate_first;
    if (auto put = fixates ? put_fixating_first(*job) : ok(); !put)
        return answer(*job, std::move(put).error());
    home.set_activity(job->shown_as.value_or(state_during(job->task, home.state())));
    events_.on_changed(home);
    run(std::move(job));
}

void Service::keep_open(Job& job, Home& home) {
    home.retry.reset();
    if (!home.references().any()) home.references().remove(root(), job.user);
    worker::Reply reply;
    reply.record = home.record();
    events_.on_changed(home);
    answer(job, std::move(reply));
}

/// Authenticating is what fixating does by itself; anything else comes after it.
Result<void> Service::put_fixating_first(Job& job) {
    worker::Request& request = job.order.request;
    if (job.task != Task::fixate && job.task != Task::authenticate) {
        HEARTH_TRY(secrets, request.secrets.clone());
        job.after_fixating.emplace();
        job.after_fixating->verb = request.verb;
        job.after_fixating->secrets = std::move(request.secrets);
        request.secrets = std::move(secrets);
    }
    if (!job.shown_as && job.task == Task::activate) job.shown_as = State::fixating_for_activation;
    request.verb = "fixate";
    job.task = Task::fixate;
    return ok();
}

void Service::run(std::unique_ptr<Job> job) {
    Job& running = *job;
    const Ticket ticket = running.ticket;
    running.begin_usec = system::monotonic_usec();
    running.has_secret = !running.order.request.secrets.empty();
    log_begin(running);
    jobs_[ticket] = std::move(job);
    running.run = runner_.run(
        std::move(running.order.request), running.user, running.log,
        [this, ticket](Result<worker::Reply> result) { on_end(ticket, std::move(result)); });
}

/// What a new home must not have is looked up here: the worker would have to read all records. Two
/// that are made at the same time want the same UID seldom, but then must not both get it.
void Service::tell_of_neighbours(worker::Request& request) {
    request.neighbours.reset();
    const auto record = new_record(request, registry_);
    if (!record) return;
    home::Neighbours neighbours = registry_.neighbours_of(*record);
    choosing_.erase(record->user_name());
    for (const auto& [user, uid] : choosing_) neighbours.uids.insert(uid);
    choosing_[record->user_name()] =
        static_cast<uid_t>(record::Effective(*record, machine())
                               .number("uid")
                               .value_or(home::preferred_uid(record->user_name())));
    if (neighbours.paths.size() <= kMostPaths) request.neighbours = std::move(neighbours);
}

void Service::cancel(Ticket ticket) {
    const auto found = jobs_.find(ticket);
    if (found != jobs_.end()) runner_.cancel(found->second->run);
}

void Service::on_end(Ticket ticket, Result<worker::Reply> result) {
    auto job = std::move(jobs_.extract(ticket).mapped());
    count_end(*job, result);
    making_.erase(job->user);
    choosing_.erase(job->user);
    const bool by_itself = finish(*job);
    const std::string user = job->user;
    settle(user);
    if (result && !by_itself) sizes_moved(*job);
    if (result && job->after_fixating)
        go_on_after_fixating(std::move(job));
    else if (is_wrong_guess(*job, result))
        answer_later(std::move(job), std::move(result));
    else
        answer(*job, std::move(result));
    serve_queue(user);
}

/// Nothing runs on the home any more. Was it the service's own idea?
bool Service::finish(const Job& job) {
    Home* const home = registry_.find(job.user);
    if (home == nullptr) return false;
    home->set_activity(std::nullopt);
    return std::exchange(home->gives_way, std::nullopt).has_value();
}

void Service::go_on_after_fixating(std::unique_ptr<Job> job) {
    Home* const home = registry_.find(job->user);
    if (home == nullptr) return answer(*job, home::unknown_home(job->user));
    job->order.request = *std::exchange(job->after_fixating, std::nullopt);
    job->order.request.subject = job->user;
    job->order.request.operation = job->operation;
    job->task = parse_task(job->order.request.verb).value_or(Task::activate);
    if (job->shown_as)
        job->shown_as = *job->shown_as == State::fixating_for_acquire
                            ? std::optional(State::activating_for_acquire)
                            : std::nullopt;
    // Counted when it was fixated.
    job->order.request.counted = false;
    home->set_activity(job->shown_as.value_or(state_during(job->task, home->state())));
    events_.on_changed(*home);
    run(std::move(job));
}

/// What the records say after an operation; a home whose record went is gone.
void Service::settle(const std::string& user) {
    Home* home = registry_.find(user);
    const bool was_known = home != nullptr;
    const bool was_fixated = was_known && home->is_fixated();
    const auto change = registry_.reload(user);
    if (!change) return events_.on_problem(change.error());
    if (*change == Registry::Change::removed) return record_gone(user);
    home = registry_.find(user);
    if (home == nullptr) return;
    if (const State now = home->state(); !is_active(now) && now != State::locked) {
        home->retry.reset();
        if (!home->references().any()) home->references().remove(root(), user);
    }
    // One that only lay here, and was removed.
    if (!home->is_fixated() && ::access(root().path(home->image_path()).c_str(), F_OK) != 0)
        return lost(user);
    if (!was_fixated) make_files_folder(*home);
    if (was_known)
        events_.on_changed(*home);
    else
        events_.on_added(*home);
    if (home->close_when_unused && home->state() != State::locked) unused(user);
}

/// The home is free for others meanwhile, and not kept open by the one who is waiting.
void Service::answer_later(std::unique_ptr<Job> job, Result<worker::Reply> result) {
    if (job->reference) job->reference->reset();
    const Ticket ticket = job->ticket;
    const std::uint64_t taken = system::monotonic_usec() - job->begin_usec;
    Job& held = *(delayed_[ticket] = std::move(job));
    held.delay = loop_.after(kGuessUsec - taken % kGuessUsec, [this, ticket, e = result.error()] {
        const auto answered = std::move(delayed_.extract(ticket).mapped());
        answer(*answered, Error(e));
    });
}

void Service::answer(Job& job, Result<worker::Reply> result) {
    count_answer(job, result);
    if (job.order.done) std::exchange(job.order.done, nullptr)(std::move(result));
}

}  // namespace hearth::service
