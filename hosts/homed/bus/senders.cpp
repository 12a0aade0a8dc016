// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/senders.hpp"

#include <utility>

#include "hosts/homed/bus/async_call.hpp"
#include "hosts/homed/bus/bus_error.hpp"

namespace hearth::homed {

namespace {

// More clients than this are not likely to talk to us at the same time.
constexpr std::size_t kMost = 1024;

Error unknown() {
    return Error(Code::permission, "sender-unknown",
                 "The system bus does not say who sent the message.")
        .why("The client may have ended already.");
}

Message question(sd_bus* bus, const std::string& sender) {
    Message call;
    if (sd_bus_message_new_method_call(bus, call.receive(), "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "GetConnectionUnixUser") < 0 ||
        sd_bus_message_append(call.get(), "s", sender.c_str()) < 0)
        return {};
    return call;
}

std::optional<uid_t> answer(sd_bus_message* reply) {
    std::uint32_t uid = 0;
    if (sd_bus_message_is_method_error(reply, nullptr) != 0 ||
        sd_bus_message_read(reply, "u", &uid) <= 0)
        return std::nullopt;
    return uid;
}

}  // namespace

void Senders::remember(const std::string& sender, uid_t uid) {
    if (known_.size() >= kMost) known_.clear();
    known_.insert_or_assign(sender, uid);
}

void Senders::ask(sd_bus_message* message, Found then) {
    const char* const name = sd_bus_message_get_sender(message);
    if (name == nullptr) return then(unknown());
    const std::string sender = name;
    const auto asked = asked_.find(sender);
    if (asked != asked_.end()) return asked->second.push_back(std::move(then));
    if (const auto known = known_.find(sender); known != known_.end()) return then(known->second);
    sd_bus* const bus = sd_bus_message_get_bus(message);
    asked_[sender].push_back(std::move(then));
    const Message call = question(bus, sender);
    const auto sent = call ? call_async(bus, call, 0,
                                        [this, sender](sd_bus_message* reply) {
                                            on_answer(sender, answer(reply));
                                        })
                           : Result<void>(unknown());
    if (!sent) on_answer(sender, std::nullopt);
}

void Senders::on_answer(const std::string& sender, std::optional<uid_t> uid) {
    if (uid) remember(sender, *uid);
    const auto waiting = asked_.extract(sender);
    for (const Found& then : waiting.mapped()) uid ? then(*uid) : then(unknown());
}

std::optional<uid_t> Senders::ask_now(sd_bus_message* message) {
    const char* const name = message == nullptr ? nullptr : sd_bus_message_get_sender(message);
    if (name == nullptr) return std::nullopt;
    const std::string sender = name;
    if (const auto known = known_.find(sender); known != known_.end()) return known->second;
    sd_bus* const bus = sd_bus_message_get_bus(message);
    const Message call = question(bus, sender);
    Message reply;
    BusError error;
    if (!call || sd_bus_call(bus, call.get(), 0, error.get(), reply.receive()) < 0)
        return std::nullopt;
    const auto uid = answer(reply.get());
    if (uid) remember(sender, *uid);
    return uid;
}

}  // namespace hearth::homed
