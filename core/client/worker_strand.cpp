// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/worker_strand.hpp"

#include <utility>

namespace hearth::client {

Result<std::unique_ptr<Strand>> WorkerStrand::begin(const home::Root& root, worker::Request request,
                                                    worker::Observer& observer) {
    std::unique_ptr<WorkerStrand> strand(new WorkerStrand(root, request, observer));
    HEARTH_CHECK(strand->start(std::move(request)));
    return std::unique_ptr<Strand>(std::move(strand));
}

Result<void> WorkerStrand::start(worker::Request request) {
    operation_ = request.operation;
    auto started = worker::Conversation::start(worker::Opening{root_, std::move(request)});
    if (!started) {
        log_.ended(started.error());
        return std::move(started).error();
    }
    conversation_ = *std::move(started);
    return ok();
}

std::optional<Result<worker::Reply>> WorkerStrand::step(worker::Listener& /*listener*/) {
    auto ended = conversation_->step(log_);
    if (!ended) return std::nullopt;
    return end_or_recover(*std::move(ended));
}

std::optional<Result<worker::Reply>> WorkerStrand::on_deadline() {
    auto ended = conversation_->on_deadline();
    if (!ended) return std::nullopt;
    return end_or_recover(*std::move(ended));
}

/// If recovering fails too, the journal stays and the next start tries again; the first failure is
/// the one to report.
std::optional<Result<worker::Reply>> WorkerStrand::end_or_recover(Result<worker::Reply> result) {
    if (first_) return end(*std::exchange(first_, std::nullopt));
    if (!worker::worker_was_lost(result)) return end(std::move(result));
    worker::Request request = worker::plain_request("recover", user_);
    request.operation = operation_;
    auto recovery = worker::Conversation::start(worker::Opening{root_, std::move(request)});
    if (!recovery) return end(std::move(result));
    conversation_ = *std::move(recovery);
    first_ = std::move(result);
    return std::nullopt;
}

std::optional<Result<worker::Reply>> WorkerStrand::end(Result<worker::Reply> result) const {
    log_.ended(result);
    return result;
}

}  // namespace hearth::client
