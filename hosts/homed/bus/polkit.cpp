// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/polkit.hpp"

#include "hosts/homed/bus/async_call.hpp"

namespace hearth::homed {

namespace {

constexpr std::uint32_t kAskPeople = 1;

Error denied(const char* why) {
    return Error(Code::permission, "access-denied", "This is not allowed.").why(why);
}

Error needs_people() {
    return Error(Code::permission, "polkit-interaction",
                 "This is allowed only after somebody has been asked.")
        .hint("Make the call with interactive authorization, or as root.");
}

bool append(sd_bus_message* out, sd_bus_message* call, const char* action,
            const PolkitDetails& details) {
    int r = sd_bus_message_append(out, "(sa{sv})s", "system-bus-name", 1, "name", "s",
                                  sd_bus_message_get_sender(call), action);
    if (r >= 0) r = sd_bus_message_open_container(out, 'a', "{ss}");
    for (const auto& [name, value] : details)
        if (r >= 0) r = sd_bus_message_append(out, "{ss}", name.c_str(), value.c_str());
    if (r >= 0) r = sd_bus_message_close_container(out);
    const bool people = sd_bus_message_get_allow_interactive_authorization(call) > 0;
    if (r >= 0) r = sd_bus_message_append(out, "us", people ? kAskPeople : 0, "");
    return r >= 0;
}

Message question(sd_bus_message* call, Action action, const PolkitDetails& details) {
    Message out;
    const int r = sd_bus_message_new_method_call(
        sd_bus_message_get_bus(call), out.receive(), "org.freedesktop.PolicyKit1",
        "/org/freedesktop/PolicyKit1/Authority", "org.freedesktop.PolicyKit1.Authority",
        "CheckAuthorization");
    if (r < 0 || !append(out.get(), call, polkit_name(action), details)) return {};
    return out;
}

Result<void> verdict(sd_bus_message* reply) {
    // No answer is no permission: there may be no polkit on this machine, where root alone rules.
    if (sd_bus_message_is_method_error(reply, nullptr) != 0)
        return denied("polkit, which could allow it to others than root, gave no answer.");
    int allowed = 0;
    int challenge = 0;
    if (sd_bus_message_enter_container(reply, 'r', "bba{ss}") <= 0 ||
        sd_bus_message_read(reply, "bb", &allowed, &challenge) <= 0)
        return denied("polkit's answer cannot be understood.");
    if (allowed != 0) return ok();
    if (challenge != 0) return needs_people();
    return denied("polkit did not allow it.");
}

}  // namespace

const char* polkit_name(Action action) {
    switch (action) {
        case Action::create_home:
            return "org.freedesktop.home1.create-home";
        case Action::remove_home:
            return "org.freedesktop.home1.remove-home";
        case Action::authenticate_home:
            return "org.freedesktop.home1.authenticate-home";
        case Action::update_home:
            return "org.freedesktop.home1.update-home";
        case Action::update_home_by_owner:
            return "org.freedesktop.home1.update-home-by-owner";
        case Action::resize_home:
            return "org.freedesktop.home1.resize-home";
        case Action::passwd_home:
            return "org.freedesktop.home1.passwd-home";
        case Action::activate_home:
            return "org.freedesktop.home1.activate-home";
        case Action::manage_signing_keys:
            return "org.freedesktop.home1.manage-signing-keys";
        case Action::root_only:
            break;
    }
    return nullptr;
}

void ask_polkit(sd_bus_message* call, Action action, const PolkitDetails& details,
                std::function<void(Result<void>)> then) {
    const Message out = question(call, action, details);
    if (!out) return then(denied("The question to polkit could not be put together."));
    const auto sent = call_async(sd_bus_message_get_bus(call), out, UINT64_MAX,
                                 [then](sd_bus_message* reply) { then(verdict(reply)); });
    if (!sent) then(sent.error());
}

}  // namespace hearth::homed
