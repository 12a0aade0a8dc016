// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/session.hpp"

#include <utility>

#include "core/worker/datagram.hpp"
#include "hosts/homed/relay/teller.hpp"

namespace hearth::homed {

namespace {

/// A client sends its request before it calls, and reads what it is told.
constexpr std::uint64_t kOpeningUsec = 10'000'000;
constexpr std::uint64_t kReadingUsec = 10'000'000;

Error elsewhere() {
    return Error(Code::invalid_argument, "service-root",
                 "The service has the homes of this machine alone.")
        .hint("For a system in a folder, run homectl with --root= as root.");
}

Error cancelled() {
    return Error(Code::cancelled, "cancelled", "The operation was cancelled.");
}

}  // namespace

Session::Session(UniqueFd socket, service::Loop& loop, std::shared_ptr<Desk> desk,
                 std::function<void()> ended)
    : socket_(std::move(socket)), loop_(loop), desk_(std::move(desk)), ended_(std::move(ended)) {}

void Session::begin() {
    watch_ = loop_.watch(socket_.get(), [this] { on_readable(); });
    deadline_ = loop_.after(kOpeningUsec, [this] { end(); });
}

void Session::on_readable() {
    const auto self = shared_from_this();
    auto received = worker::try_receive_datagram(socket_.get());
    if (received && !*received) return;
    // A client has nothing more to say: whatever comes means that it wants no more.
    if (opened_) return cancel();
    if (!received) return fail(received.error());
    if ((*received)->end) return end();
    open(std::move(**received));
}

void Session::open(worker::Datagram datagram) {
    opened_ = true;
    deadline_.reset();
    auto opening = worker::read_opening(std::move(datagram));
    if (!opening) return fail(opening.error());
    if (!opening->root.prefix().empty()) return fail(elsewhere());
    const auto request = std::make_shared<worker::Request>(std::move(opening->request));
    desk_->permit(request, [weak = weak_from_this(), request](const Result<service::Caller>& who) {
        if (const auto self = weak.lock()) self->on_permission(who, std::move(*request));
    });
}

void Session::on_permission(const Result<service::Caller>& caller, worker::Request request) {
    if (finished_) return;
    if (!caller) return fail(caller.error());
    caller_ = *caller;
    place(std::move(request));
}

void Session::place(worker::Request request) {
    const auto self = shared_from_this();
    service::Order order;
    order.caller = caller_;
    order.request = std::move(request);
    if (!order.request.silent)
        order.listener = std::make_shared<Teller>(weak_from_this(), caller_.uid == 0);
    if (order.request.verb == "acquire") return acquire(std::move(order));
    order.done = [weak = weak_from_this()](const Result<worker::Reply>& result) {
        if (const auto session = weak.lock()) session->on_done(result);
    };
    const service::Ticket ticket = desk_->submit(std::move(order));
    if (!finished_) ticket_ = ticket;
}

void Session::acquire(service::Order order) {
    desk_->acquire(std::move(order), [weak = weak_from_this()](Result<Desk::Acquired> result) {
        if (const auto session = weak.lock()) session->on_acquired(std::move(result));
    });
}

void Session::on_done(const Result<worker::Reply>& result) {
    ticket_ = 0;
    finish(result, UniqueFd());
}

void Session::on_acquired(Result<Desk::Acquired> result) {
    if (finished_) return;
    if (!result) return fail(result.error());
    finish(std::move(result->reply), std::move(result->reference));
}

/// What runs still answers when it has stopped; what waits is dropped here.
void Session::cancel() {
    watch_.reset();
    if (finished_) return;
    if (ticket_ != 0) return desk_->cancel(ticket_);
    fail(cancelled());
}

void Session::tell(const worker::Message& message) {
    if (!finished_) (void)worker::try_send_datagram(socket_.get(), worker::encode(message));
}

void Session::fail(const Error& error) {
    finish(Result<worker::Reply>(error), UniqueFd());
}

void Session::finish(const Result<worker::Reply>& result, UniqueFd reference) {
    finished_ = true;
    deadline_.reset();
    worker::Message message;
    if (!result) {
        message.error = result.error();
    } else {
        message.warnings = result->warnings;
        if (result->record)
            if (auto text = worker::to_memfd(desk_->shown(*result->record, caller_).canonical()))
                last_fds_.push_back(std::move(text).value());
        if (reference) last_fds_.push_back(std::move(reference));
    }
    last_ = worker::encode(message);
    send_last();
}

void Session::send_last() {
    const auto self = shared_from_this();
    std::vector<int> fds;
    for (const UniqueFd& fd : last_fds_) fds.push_back(fd.get());
    const auto sent = worker::try_send_datagram(socket_.get(), last_, fds);
    if (!sent || *sent) return end();
    if (writable_) return;
    watch_.reset();
    writable_ = loop_.watch_writable(socket_.get(), [this] { send_last(); });
    deadline_ = loop_.after(kReadingUsec, [this] { end(); });
}

void Session::end() {
    const auto self = shared_from_this();
    finished_ = true;
    watch_.reset();
    writable_.reset();
    deadline_.reset();
    if (ended_) std::exchange(ended_, nullptr)();
}

}  // namespace hearth::homed
