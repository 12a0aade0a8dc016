// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/record_methods.hpp"

#include <utility>

#include "hosts/homed/bus/blobs.hpp"
#include "hosts/homed/bus/order_methods.hpp"

namespace hearth::homed {

namespace {

using Read = Result<service::Order> (*)(sd_bus_message* call);

Result<service::Order> read_new(sd_bus_message* call) {
    HEARTH_TRY(split, read_record(call, Sent::to_create));
    service::Order order;
    order.request.verb = "create";
    // Stock clients hash passwords themselves. What has no hash yet gets one.
    if (split.record.hashed_passwords().empty())
        order.request.new_passwords = std::move(split.secrets.passwords);
    order.request.record = std::move(split.record);
    order.request.secrets = std::move(split.secrets);
    return order;
}

Result<service::Order> read_new_with_blobs(sd_bus_message* call) {
    HEARTH_TRY(order, read_new(call));
    HEARTH_TRY(files, read_blob_files(call));
    HEARTH_TRY(flags, read_flags(call, 0));
    (void)flags;
    order.request.blobs = std::move(files);
    return order;
}

Result<service::Order> read_registration(sd_bus_message* call) {
    HEARTH_TRY(split, read_record(call, Sent::to_register));
    service::Order order;
    order.request.verb = "register";
    order.request.record = std::move(split.record);
    return order;
}

Result<service::Order> read_adoption(sd_bus_message* call) {
    HEARTH_TRY(path, read_text(call));
    HEARTH_TRY(flags, read_flags(call, 0));
    (void)flags;
    service::Order order;
    order.request.verb = "adopt";
    order.request.subject = std::move(path);
    return order;
}

/// Nothing is read for those who may not.
void place_new(Context& context, const CallPtr& call, Read read) {
    const auto go_on = [&context, call, read](const Result<service::Caller>& caller) {
        if (!caller) return call->fail(caller.error());
        auto order = read(call->message());
        if (!order) return call->fail(order.error());
        order->caller = *caller;
        submit(context, call, std::move(*order));
    };
    context.access.ask(call->message(), Action::create_home, nullptr, false, go_on);
}

}  // namespace

void create_home(Context& context, const CallPtr& call) {
    place_new(context, call, read_new);
}

void create_home_ex(Context& context, const CallPtr& call) {
    place_new(context, call, read_new_with_blobs);
}

void register_home(Context& context, const CallPtr& call) {
    place_new(context, call, read_registration);
}

void adopt_home(Context& context, const CallPtr& call) {
    place_new(context, call, read_adoption);
}

}  // namespace hearth::homed
