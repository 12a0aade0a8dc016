// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/update_methods.hpp"

#include <utility>

#include "hosts/homed/bus/blobs.hpp"
#include "hosts/homed/bus/order_methods.hpp"
#include "hosts/homed/bus/update_action.hpp"

namespace hearth::homed {

namespace {

constexpr std::uint64_t kOffline = 1;

/// An update that waits for permission.
struct Update {
    CallPtr call;
    std::string user;
    service::Order order;
};
using UpdatePtr = std::shared_ptr<Update>;

Action action_for(const Context& context, const Update& update, const service::Home& home,
                  uid_t sender) {
    return action_of_update(update.order.request, home, context.service.machine(), sender);
}

void ask(Context& context, const UpdatePtr& update, Action action);

/// The home may have changed since permission was given: it has to be enough for the home as it is.
void on_permission(Context& context, const UpdatePtr& update, Action given,
                   const Result<service::Caller>& caller) {
    if (!caller) return update->call->fail(caller.error());
    const service::Home* const home = context.service.homes().find(update->user);
    if (home == nullptr) return update->call->fail(home::unknown_home(update->user));
    const Action needed = action_for(context, *update, *home, caller->uid);
    if (needed != given && given != Action::update_home) return ask(context, update, needed);
    update->order.caller = *caller;
    submit(context, update->call, std::move(update->order));
}

void ask(Context& context, const UpdatePtr& update, Action action) {
    context.access.ask(update->call->message(), action, context.service.homes().find(update->user),
                       false, [&context, update, action](const Result<service::Caller>& caller) {
                           on_permission(context, update, action, caller);
                       });
}

Result<service::Order> read_update(sd_bus_message* call, bool extended) {
    HEARTH_TRY(split, read_record(call, Sent::to_update));
    service::Order order;
    order.request.verb = "update";
    order.request.record = std::move(split.record);
    order.request.secrets = std::move(split.secrets);
    if (!extended) return order;
    HEARTH_TRY(files, read_blob_files(call));
    HEARTH_TRY(flags, read_flags(call, kOffline));
    order.request.blobs = std::move(files);
    order.request.offline = (flags & kOffline) != 0;
    return order;
}

/// `home`: the one that is meant; null: the one that the record names.
void place_update(Context& context, const CallPtr& call, const service::Home* home, bool extended) {
    auto order = read_update(call->message(), extended);
    if (!order) return call->fail(order.error());
    const std::string& named = order->request.record->user_name();
    if (home == nullptr) home = context.service.homes().find(named);
    if (home == nullptr) return call->fail(home::unknown_home(named));
    order->request.subject = home->user_name();
    auto update = std::make_shared<Update>(Update{call, home->user_name(), std::move(*order)});
    context.senders.ask(call->message(), [&context, update](const Result<uid_t>& sender) {
        if (!sender) return update->call->fail(sender.error());
        const service::Home* const now = context.service.homes().find(update->user);
        if (now == nullptr) return update->call->fail(home::unknown_home(update->user));
        ask(context, update, action_for(context, *update, *now, *sender));
    });
}

}  // namespace

void update_home(Context& context, const CallPtr& call) {
    place_update(context, call, nullptr, false);
}

void update_home_ex(Context& context, const CallPtr& call) {
    place_update(context, call, nullptr, true);
}

void update(Context& context, const CallPtr& call, const service::Home& home) {
    place_update(context, call, &home, false);
}

void update_ex(Context& context, const CallPtr& call, const service::Home& home) {
    place_update(context, call, &home, true);
}

}  // namespace hearth::homed
