// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/use_methods.hpp"

#include <utility>

namespace hearth::homed {

namespace {

void reply_fd(const CallPtr& call, const Result<UniqueFd>& reference) {
    if (!reference) return call->fail(reference.error());
    const Message reply = call->make_reply();
    if (reply && sd_bus_message_append(reply.get(), "h", reference->get()) >= 0) call->reply(reply);
}

void reply_done(const CallPtr& call, const Result<worker::Reply>& result) {
    if (result)
        call->reply();
    else
        call->fail(result.error());
}

/// Calls `then` for root, and fails the call for others.
template <typename Then>
void as_root(Context& context, const CallPtr& call, Then then) {
    context.access.ask(call->message(), Action::root_only, nullptr, false,
                       [call, then](const Result<service::Caller>& caller) {
                           if (!caller) return call->fail(caller.error());
                           then(*caller);
                       });
}

void acquire(Context& context, const CallPtr& call, const std::string& user,
             service::Caller caller) {
    auto secrets = read_secrets(call->message());
    if (!secrets) return call->fail(secrets.error());
    const auto please_suspend = read_flag(call->message());
    if (!please_suspend) return call->fail(please_suspend.error());
    service::Order order;
    order.caller = caller;
    order.request.subject = user;
    order.request.secrets = std::move(*secrets);
    context.service.acquire(
        std::move(order), *please_suspend,
        [call](const Result<UniqueFd>& reference) { reply_fd(call, reference); });
}

void ref_in(Context& context, const CallPtr& call, const std::string& user, bool any_state) {
    as_root(context, call, [&context, call, user, any_state](service::Caller) {
        const auto please_suspend = read_flag(call->message());
        if (!please_suspend) return call->fail(please_suspend.error());
        reply_fd(call, context.service.ref(user, *please_suspend, any_state));
    });
}

}  // namespace

void acquire_by_anybody(Context& context, const CallPtr& call, const service::Home& home) {
    context.senders.ask(call->message(),
                        [&context, call, user = home.user_name()](const Result<uid_t>& uid) {
                            if (!uid) return call->fail(uid.error());
                            acquire(context, call, user, service::Caller{*uid});
                        });
}

void acquire_by_root(Context& context, const CallPtr& call, const service::Home& home) {
    as_root(context, call, [&context, call, user = home.user_name()](service::Caller caller) {
        acquire(context, call, user, caller);
    });
}

void ref(Context& context, const CallPtr& call, const service::Home& home) {
    ref_in(context, call, home.user_name(), false);
}

void ref_unrestricted(Context& context, const CallPtr& call, const service::Home& home) {
    ref_in(context, call, home.user_name(), true);
}

void release(Context& context, const CallPtr& call, const service::Home& home) {
    as_root(context, call, [&context, call, user = home.user_name()](service::Caller) {
        context.service.release(
            user, [call](const Result<worker::Reply>& result) { reply_done(call, result); });
    });
}

void lock_all(Context& context, const CallPtr& call) {
    as_root(context, call, [&context, call](service::Caller) {
        context.service.lock_all(
            [call](const Result<worker::Reply>& result) { reply_done(call, result); });
    });
}

void deactivate_all(Context& context, const CallPtr& call) {
    as_root(context, call, [&context, call](service::Caller) {
        context.service.deactivate_all(
            [call](const Result<worker::Reply>& result) { reply_done(call, result); });
    });
}

void rebalance(Context& context, const CallPtr& call) {
    as_root(context, call, [&context, call](service::Caller) {
        context.service.rebalance(
            [call](const Result<worker::Reply>& result) { reply_done(call, result); });
    });
}

}  // namespace hearth::homed
