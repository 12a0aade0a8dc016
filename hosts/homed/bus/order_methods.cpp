// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/order_methods.hpp"

#include <iterator>
#include <utility>

namespace hearth::homed {

namespace {

Result<void> read_secrets_only(sd_bus_message* call, const service::Home& /*home*/,
                               service::Order& order) {
    HEARTH_TRY(secrets, read_secrets(call));
    order.request.secrets = std::move(secrets);
    return ok();
}

Result<void> read_if_referenced(sd_bus_message* call, const service::Home& home,
                                service::Order& order) {
    order.only_if_referenced = true;
    return read_secrets_only(call, home, order);
}

Result<void> read_realize(sd_bus_message* call, const service::Home& home, service::Order& order) {
    order.request.realize = true;
    return read_secrets_only(call, home, order);
}

Result<void> read_size(sd_bus_message* call, const service::Home& home, service::Order& order) {
    HEARTH_TRY(size, read_number(call));
    order.request.size = size;
    return read_secrets_only(call, home, order);
}

/// Everything but its passwords opens tokens, for the old secrets and the new ones alike.
void add_tokens(secret::Secrets from, secret::Secrets& to) {
    const auto append = [](auto& more, auto& list) {
        std::move(more.begin(), more.end(), std::back_inserter(list));
    };
    append(from.pins, to.pins);
    append(from.token_secrets, to.token_secrets);
    append(from.recovery_keys, to.recovery_keys);
    to.permissions |= from.permissions;
}

Result<void> read_passwords(sd_bus_message* call, const service::Home& /*home*/,
                            service::Order& order) {
    HEARTH_TRY(fresh, read_secrets(call));
    HEARTH_TRY(old, read_secrets(call));
    order.request.new_passwords = std::move(fresh.passwords);
    order.request.secrets = std::move(old);
    add_tokens(std::move(fresh), order.request.secrets);
    return ok();
}

}  // namespace

const OrderMethod kActivate{"activate", Action::activate_home, true, read_secrets_only};
const OrderMethod kActivateIfReferenced{"activate", Action::activate_home, true,
                                        read_if_referenced};
const OrderMethod kAuthenticate{"authenticate", Action::authenticate_home, true, read_secrets_only};
const OrderMethod kChangePassword{"passwd", Action::passwd_home, true, read_passwords};
const OrderMethod kDeactivate{"deactivate", Action::root_only, false, nullptr};
const OrderMethod kFixate{"fixate", Action::root_only, false, read_secrets_only};
const OrderMethod kLock{"lock", Action::root_only, false, nullptr};
const OrderMethod kRealize{"create", Action::create_home, false, read_realize};
const OrderMethod kRemove{"remove", Action::remove_home, false, nullptr};
const OrderMethod kResize{"resize", Action::resize_home, false, read_size};
const OrderMethod kUnlock{"unlock", Action::root_only, false, read_secrets_only};
const OrderMethod kUnregister{"unregister", Action::remove_home, false, nullptr};

void submit(Context& context, const CallPtr& call, service::Order order) {
    order.done = [call](const Result<worker::Reply>& result) {
        if (result)
            call->reply();
        else
            call->fail(result.error());
    };
    context.service.submit(std::move(order));
}

void place_order(Context& context, const CallPtr& call, const service::Home& home,
                 const OrderMethod& method) {
    // The home may be gone when permission has been given.
    const auto go_on = [&context, call, user = home.user_name(),
                        &method](const Result<service::Caller>& caller) {
        if (!caller) return call->fail(caller.error());
        const service::Home* const now = context.service.homes().find(user);
        if (now == nullptr) return call->fail(home::unknown_home(user));
        service::Order order;
        order.caller = *caller;
        order.request.verb = method.verb;
        order.request.subject = user;
        if (method.read != nullptr)
            if (const auto read = method.read(call->message(), *now, order); !read)
                return call->fail(Result<void>(read).error());
        submit(context, call, std::move(order));
    };
    context.access.ask(call->message(), method.action, &home, method.owner_may, go_on);
}

}  // namespace hearth::homed
