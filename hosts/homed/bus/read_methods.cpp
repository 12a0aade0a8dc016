// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/read_methods.hpp"

#include "hosts/homed/bus/paths.hpp"

namespace hearth::homed {

namespace {

/// Fills a reply and sends it; `fill` gives what sd-bus gave.
template <typename Fill>
void reply_with(const CallPtr& call, Fill fill) {
    const Message reply = call->make_reply();
    // Without an answer the call fails by itself.
    if (reply && fill(reply.get()) >= 0) call->reply(reply);
}

std::string state_of(const service::Home& home) {
    return std::string(service::to_text(home.state()));
}

void reply_record(const CallPtr& call, const service::Home& home, bool trusted) {
    reply_with(call, [&](sd_bus_message* reply) {
        const service::Shown shown = home.shown(trusted);
        sd_bus_message_sensitive(reply);
        return sd_bus_message_append(reply, "sbo", shown.json.c_str(), int{shown.incomplete},
                                     path_of_home(home.user_name()).c_str());
    });
}

/// The home with the UID that the call names; null: the call has failed.
const service::Home* home_by_uid(Context& context, const CallPtr& call) {
    std::uint32_t uid = 0;
    sd_bus_message_read_basic(call->message(), SD_BUS_TYPE_UINT32, &uid);
    const service::Home* const home = context.service.homes().find_uid(uid);
    if (home == nullptr) call->fail(home::unknown_home(std::to_string(uid)));
    return home;
}

int append_home(sd_bus_message* reply, const service::Home& home) {
    const std::uint32_t uid = home.uid();
    return sd_bus_message_append(reply, "(susussso)", home.user_name().c_str(), uid,
                                 state_of(home).c_str(), uid, home.real_name().c_str(),
                                 home.home_directory().c_str(), home.shell().c_str(),
                                 path_of_home(home.user_name()).c_str());
}

}  // namespace

void get_home_by_name(Context& /*context*/, const CallPtr& call, const service::Home& home) {
    reply_with(call, [&](sd_bus_message* reply) {
        const std::uint32_t uid = home.uid();
        return sd_bus_message_append(reply, "usussso", uid, state_of(home).c_str(), uid,
                                     home.real_name().c_str(), home.home_directory().c_str(),
                                     home.shell().c_str(), path_of_home(home.user_name()).c_str());
    });
}

void get_home_by_uid(Context& context, const CallPtr& call) {
    const service::Home* const home = home_by_uid(context, call);
    if (home == nullptr) return;
    reply_with(call, [&](sd_bus_message* reply) {
        const std::uint32_t uid = home->uid();
        return sd_bus_message_append(reply, "ssussso", home->user_name().c_str(),
                                     state_of(*home).c_str(), uid, home->real_name().c_str(),
                                     home->home_directory().c_str(), home->shell().c_str(),
                                     path_of_home(home->user_name()).c_str());
    });
}

void get_record_by_name(Context& context, const CallPtr& call, const service::Home& home) {
    context.senders.ask(
        call->message(), [&context, call, user = home.user_name()](const Result<uid_t>& reader) {
            const service::Home* const now = context.service.homes().find(user);
            if (now == nullptr) return call->fail(home::unknown_home(user));
            reply_record(call, *now, reader.has_value() && is_trusted(*reader, *now));
        });
}

void get_record_by_uid(Context& context, const CallPtr& call) {
    if (const service::Home* const home = home_by_uid(context, call))
        get_record_by_name(context, call, *home);
}

void list_homes(Context& context, const CallPtr& call) {
    reply_with(call, [&](sd_bus_message* reply) {
        int r = sd_bus_message_open_container(reply, 'a', "(susussso)");
        for (const auto& entry : context.service.homes().homes())
            if (r >= 0) r = append_home(reply, *entry.second);
        return r < 0 ? r : sd_bus_message_close_container(reply);
    });
}

}  // namespace hearth::homed
