// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/access.hpp"

#include <memory>
#include <utility>

#include "hosts/homed/bus/message.hpp"
#include "hosts/homed/bus/polkit.hpp"

namespace hearth::homed {

namespace {

// Every question holds a message that may be large.
constexpr unsigned kMostQuestions = 32;

Error root_only() {
    return Error(Code::permission, "access-denied", "Only root may do this.")
        .hint("Run it with sudo, or as root.");
}

Error too_many() {
    return Error(Code::home_busy, "too-many-questions",
                 "Too many of this user's requests wait for polkit's permission.")
        .hint("Answer them, or wait until they are over.");
}

PolkitDetails details_for(const std::string& user, uid_t owner) {
    if (user.empty()) return {};
    return {{"uid", std::to_string(owner)}, {"username", user}};
}

}  // namespace

void Access::ask(sd_bus_message* call, Action action, const service::Home* home, bool owner_may,
                 Then then) {
    About about{service::kNoUid, false, {}};
    if (home != nullptr) about = {home->uid(), owner_may, home->user_name()};
    auto held = std::make_shared<Message>(Message::share(call));
    senders_.ask(call, [=, this, then = std::move(then)](Result<uid_t> uid) {
        if (!uid) return then(uid.error());
        decide(held->get(), action, about, *uid, then);
    });
}

void Access::decide(sd_bus_message* call, Action action, const About& about, uid_t uid, Then then) {
    const service::Caller caller{uid};
    const bool is_owner = about.owner_may && about.owner != service::kNoUid && uid == about.owner;
    if (uid == 0 || is_owner) return then(caller);
    if (polkit_name(action) == nullptr) return then(root_only());
    if (open_[uid] >= kMostQuestions) return then(too_many());
    ++open_[uid];
    const auto answered = [this, caller, then = std::move(then)](Result<void> allowed) {
        if (--open_[caller.uid] == 0) open_.erase(caller.uid);
        if (!allowed) return then(allowed.error());
        then(caller);
    };
    ask_polkit(call, action, details_for(about.user, about.owner), answered);
}

}  // namespace hearth::homed
