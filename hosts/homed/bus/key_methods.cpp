// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/key_methods.hpp"

#include <utility>

namespace hearth::homed {

namespace {

using record::KeyStore;
using record::TrustedKey;

int append_keys(sd_bus_message* reply, const std::vector<TrustedKey>& keys) {
    int r = sd_bus_message_open_container(reply, 'a', "(sst)");
    for (const TrustedKey& one : keys)
        if (r >= 0)
            r = sd_bus_message_append(reply, "(sst)", one.name.c_str(), one.key.pem().c_str(),
                                      std::uint64_t{0});
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

Result<void> add_key(sd_bus_message* call, KeyStore& keys) {
    HEARTH_TRY(name, read_text(call));
    HEARTH_TRY(pem, read_text(call));
    HEARTH_TRY(flags, read_flags(call, 0));
    (void)flags;
    return keys.add_key(name, pem);
}

Result<void> remove_key(sd_bus_message* call, KeyStore& keys) {
    HEARTH_TRY(name, read_text(call));
    HEARTH_TRY(flags, read_flags(call, 0));
    (void)flags;
    return keys.remove_key(name);
}

using Change = Result<void> (*)(sd_bus_message* call, KeyStore& keys);

Result<void> change(service::Service& service, sd_bus_message* call, Change how) {
    HEARTH_TRY(keys, service.keys());
    HEARTH_CHECK(how(call, *keys));
    service.keys_changed();
    return ok();
}

void change_keys(Context& context, const CallPtr& call, Change how) {
    const auto go_on = [&context, call, how](const Result<service::Caller>& caller) {
        if (!caller) return call->fail(caller.error());
        auto changed = change(context.service, call->message(), how);
        if (!changed) return call->fail(changed.error());
        call->reply();
    };
    context.access.ask(call->message(), Action::manage_signing_keys, nullptr, false, go_on);
}

}  // namespace

void list_signing_keys(Context& context, const CallPtr& call) {
    const auto all = context.service.keys().and_then(
        [](KeyStore* store) -> Result<std::vector<TrustedKey>> { return store->all_keys(); });
    if (!all) return call->fail(all.error());
    const Message reply = call->make_reply();
    if (reply && append_keys(reply.get(), *all) >= 0) call->reply(reply);
}

void get_signing_key(Context& context, const CallPtr& call) {
    const auto name = read_text(call->message());
    if (!name) return call->fail(name.error());
    const auto key = context.service.keys().and_then(
        [&](KeyStore* store) -> Result<TrustedKey> { return store->find_key(*name); });
    if (!key) return call->fail(key.error());
    const Message reply = call->make_reply();
    if (reply &&
        sd_bus_message_append(reply.get(), "st", key->key.pem().c_str(), std::uint64_t{0}) >= 0)
        call->reply(reply);
}

void add_signing_key(Context& context, const CallPtr& call) {
    change_keys(context, call, add_key);
}

void remove_signing_key(Context& context, const CallPtr& call) {
    change_keys(context, call, remove_key);
}

}  // namespace hearth::homed
