// SPDX-License-Identifier: LGPL-2.1-or-later
#include <utility>

#include "core/service/job.hpp"
#include "core/service/service.hpp"
#include "core/system/clock.hpp"

namespace hearth::service {

namespace {

/// Did somebody prove, or fail to prove, who they are?
bool tells_of_secrets(const Service::Job& job, const Result<worker::Reply>& result) {
    return job.has_secret && (result || result.error().code() == Code::bad_secret);
}

}  // namespace

/// Before its worker is started: gives it a name if its client did not.
void Service::log_begin(Job& job) {
    worker::Request& request = job.order.request;
    if (request.operation.empty()) request.operation = worker::new_operation_id();
    job.operation = request.operation;
    worker::OperationLog::About about{job.operation, request.verb, job.user, std::nullopt};
    if (!job.by_itself) about.caller = job.order.caller.uid;
    job.log = std::make_shared<worker::OperationLog>(
        std::move(about), [this](const system::LogEntry& entry) { events_.on_log(entry); },
        job.order.listener);
    job.log->begun();
}

void Service::count_end(const Job& job, const Result<worker::Reply>& result) {
    const std::uint64_t usec = system::monotonic_usec() - job.begin_usec;
    if (job.log) job.log->ended(result, usec);
    metrics_.count_operation(to_text(job.task), worker::outcome_of(result));
    metrics_.count_duration(to_text(job.task), usec);
    if (tells_of_secrets(job, result)) metrics_.count_authentication(result.has_value());
    if (!result && result.error().id() == "too-many-attempts") metrics_.count_rate_limited();
}

/// What was refused, or needed no worker.
void Service::count_answer(Job& job, const Result<worker::Reply>& result) {
    if (job.log || job.is_unknown) return;
    const bool refused = !result && result.error().code() != Code::cancelled;
    metrics_.count_operation(to_text(job.task), refused ? "refused" : worker::outcome_of(result));
    if (result) return;
    if (result.error().id() == "too-many-attempts") metrics_.count_rate_limited();
    std::string id = job.order.request.operation;
    worker::OperationLog::About about{id.empty() ? worker::new_operation_id() : std::move(id),
                                      std::string(to_text(job.task)), job.user,
                                      job.order.caller.uid};
    if (about.home.empty()) about.home = job.order.request.subject;
    worker::OperationLog(
        std::move(about), [this](const system::LogEntry& entry) { events_.on_log(entry); }, nullptr)
        .ended(result, 0);
}

std::string Service::metrics_text(std::string_view version) const {
    Gauges now;
    for (const State state : kRestingStates) now.homes[std::string(to_text(state))] = 0;
    for (const auto& [user, home] : registry_.homes()) {
        ++now.homes[std::string(to_text(home->state()))];
        if (home->references().any()) ++now.referenced;
    }
    now.workers = runner_.started();
    now.most_workers = runner_.most();
    now.waiting = runner_.running() - runner_.started();
    return metrics_.text(now, version);
}

}  // namespace hearth::service
