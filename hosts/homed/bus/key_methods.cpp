// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/key_methods.hpp"

#include <string_view>

namespace hearth::homed {

namespace {

constexpr const char* kOwnName = "local.public";

Error unknown_key(const std::string& name) {
    return Error(Code::home_absent, "signing-key-unknown",
                 "There is no key named " + name + " on this machine.")
        .hint("See the keys that there are with: homectl list-signing-keys");
}

/// The PEM text of a key; nothing: there is none of that name.
std::optional<std::string> pem_of(const record::KeyStore& keys, std::string_view name) {
    if (name == kOwnName && keys.local_public_key() != nullptr)
        return keys.local_public_key()->pem();
    for (const auto& trusted : keys.trusted_keys())
        if (trusted.name == name) return trusted.key.pem();
    return std::nullopt;
}

int append_key(sd_bus_message* reply, const std::string& name, const record::PublicKey& key) {
    return sd_bus_message_append(reply, "(sst)", name.c_str(), key.pem().c_str(), std::uint64_t{0});
}

int append_keys(sd_bus_message* reply, const record::KeyStore& keys) {
    int r = sd_bus_message_open_container(reply, 'a', "(sst)");
    if (r >= 0 && keys.local_public_key() != nullptr)
        r = append_key(reply, kOwnName, *keys.local_public_key());
    for (const auto& trusted : keys.trusted_keys())
        if (r >= 0) r = append_key(reply, trusted.name, trusted.key);
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

Error not_yet() {
    return Error(Code::not_supported, "verb-not-available",
                 "Keys cannot be added or removed on the bus yet.");
}

}  // namespace

void list_signing_keys(Context& context, const CallPtr& call) {
    const auto keys = context.service.keys();
    if (!keys) return call->fail(keys.error());
    const Message reply = call->make_reply();
    if (reply && append_keys(reply.get(), **keys) >= 0) call->reply(reply);
}

void get_signing_key(Context& context, const CallPtr& call) {
    const auto name = read_text(call->message());
    if (!name) return call->fail(name.error());
    const auto keys = context.service.keys();
    if (!keys) return call->fail(keys.error());
    const auto pem = pem_of(**keys, *name);
    if (!pem) return call->fail(unknown_key(*name));
    const Message reply = call->make_reply();
    if (reply && sd_bus_message_append(reply.get(), "st", pem->c_str(), std::uint64_t{0}) >= 0)
        call->reply(reply);
}

void add_signing_key(Context& /*context*/, const CallPtr& call) {
    call->fail(not_yet());
}

void remove_signing_key(Context& /*context*/, const CallPtr& call) {
    call->fail(not_yet());
}

}  // namespace hearth::homed
