// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/home/state.hpp"

namespace hearth::service {

namespace {

constexpr std::array<std::pair<std::string_view, Task>, 15> kVerbs = {{
    {"activate", Task::activate},
    {"adopt", Task::adopt},
    {"authenticate", Task::authenticate},
    {"create", Task::create},
    {"deactivate", Task::deactivate},
    {"fixate", Task::fixate},
    {"lock", Task::lock},
    {"passwd", Task::passwd},
    {"register", Task::register_home},
    {"remove", Task::remove},
    {"repair", Task::repair},
    {"resize", Task::resize},
    {"unlock", Task::unlock},
    {"unregister", Task::unregister},
    {"update", Task::update},
}};

Error busy(const std::string& user) {
    return Error(Code::home_busy, "home-busy",
                 "Another operation on the home of " + user + " is running.")
        .hint("Wait until it has ended, then try again.");
}

Error active(const std::string& user) {
    return Error(Code::home_active, "home-active", "The home of " + user + " is active.")
        .hint("Close it first: homectl deactivate " + user);
}

Error already_active(const std::string& user) {
    return Error(Code::home_active, "home-active", "The home of " + user + " is already active.")
        .hint("There is nothing to do.");
}

Error in_use(const std::string& user) {
    return Error(Code::home_busy, "home-busy", "The home of " + user + " is open.")
        .hint("Close it first: homectl deactivate " + user);
}

Error not_active(const std::string& user) {
    return Error(Code::home_not_active, "home-not-active",
                 "The home of " + user + " is not active.")
        .hint("Open it first: homectl activate " + user);
}

Error absent(const std::string& user) {
    return Error(Code::home_absent, "home-absent",
                 "What the home of " + user + " is kept in is not there.")
        .hint("Plug it in, mount it, or bring it back to its place.");
}

Error exists(const std::string& user) {
    return Error(Code::home_exists, "home-exists", "There is already a home of " + user + ".")
        .hint("Choose another name, or take in what is there by opening it.");
}

Error unfixated(const std::string& user) {
    return Error(Code::not_supported, "home-unfixated",
                 "The home of " + user + " has no record on this machine yet.")
        .hint("Open it once, with its password: homectl activate " + user);
}

Error fixated(const std::string& user) {
    return Error(Code::not_supported, "home-fixated",
                 "The home of " + user + " has its record on this machine already.")
        .hint("There is nothing to do.");
}

Error not_locked(const std::string& user) {
    return Error(Code::home_not_locked, "home-not-locked",
                 "The home of " + user + " is not locked.")
        .hint("There is nothing to do.");
}

bool is_closed(State state) {
    return state == State::absent || state == State::inactive || state == State::dirty;
}

Result<Way> open_way(Task task, State state, const std::string& user) {
    if (state == State::absent) return absent(user);
    if (state == State::unfixated)
        return task == Task::repair ? Result<Way>(unfixated(user)) : Way::fixate_first;
    if (task == Task::authenticate || is_closed(state)) return Way::run;
    if (task == Task::repair) return active(user);
    if (state == State::active) return already_active(user);
    return Way::stop_retrying;
}

Result<Way> create_way(State state, const std::string& user) {
    if (state == State::absent) return Way::run;
    return is_closed(state) || state == State::unfixated ? Result<Way>(exists(user))
                                                         : Result<Way>(in_use(user));
}

Result<Way> change_way(Task task, State state, const std::string& user) {
    if (state == State::unfixated) return unfixated(user);
    if (state == State::absent && task != Task::update_offline) return absent(user);
    return Way::run;
}

Result<Way> removal_way(Task task, State state, const std::string& user) {
    if (state == State::unfixated)
        return task == Task::remove ? Result<Way>(Way::run) : Result<Way>(unfixated(user));
    if (!is_closed(state)) return in_use(user);
    if (task == Task::unregister) return Way::run;
    return state == State::absent ? Way::forget_the_record : Way::run;
}

}  // namespace

std::optional<Task> parse_task(std::string_view verb) {
    const auto* const found = std::find_if(kVerbs.begin(), kVerbs.end(),
                                           [&](const auto& known) { return known.first == verb; });
    if (found == kVerbs.end()) return std::nullopt;
    return found->second;
}

std::string_view to_text(Task task) {
    if (task == Task::realize) return "create";
    if (task == Task::update_offline) return "update";
    const auto* const found = std::find_if(kVerbs.begin(), kVerbs.end(),
                                           [&](const auto& known) { return known.second == task; });
    return found == kVerbs.end() ? "other" : found->first;
}

Result<Way> way_of(Task task, State state, const std::string& user) {
    if (is_busy(state)) return busy(user);
    const bool open = is_active(state);
    switch (task) {
        case Task::unlock:
            return state == State::locked ? Result<Way>(Way::run) : Result<Way>(not_locked(user));
        case Task::fixate:
            if (state == State::absent) return absent(user);
            return state == State::unfixated ? Result<Way>(Way::run) : Result<Way>(fixated(user));
        case Task::create:
        case Task::realize:
        case Task::register_home:
        case Task::adopt:
            return state == State::locked ? Result<Way>(in_use(user)) : create_way(state, user);
        default:
            break;
    }
    if (state == State::locked) return home::locked_error(user);
    switch (task) {
        case Task::deactivate:
        case Task::lock:
            return open ? Result<Way>(Way::run) : Result<Way>(not_active(user));
        case Task::remove:
        case Task::unregister:
            return removal_way(task, state, user);
        case Task::activate:
        case Task::authenticate:
        case Task::repair:
            return open_way(task, state, user);
        default:
            return change_way(task, state, user);
    }
}

State state_during(Task task, State state) {
    const bool open = is_active(state);
    switch (task) {
        case Task::activate:
            return State::activating;
        case Task::authenticate:
        case Task::repair:
            return open ? State::authenticating_while_active : State::authenticating;
        case Task::create:
        case Task::realize:
        case Task::register_home:
            return State::creating;
        case Task::deactivate:
            return State::deactivating;
        case Task::adopt:
        case Task::fixate:
            return State::fixating;
        case Task::lock:
            return State::locking;
        case Task::passwd:
            return open ? State::passwd_while_active : State::passwd;
        case Task::remove:
        case Task::unregister:
            return State::removing;
        case Task::resize:
            return open ? State::resizing_while_active : State::resizing;
        case Task::unlock:
            return State::unlocking;
        case Task::update:
        case Task::update_offline:
            return open ? State::updating_while_active : State::updating;
    }
    return state;
}

bool is_attempt(Task task) {
    switch (task) {
        case Task::activate:
        case Task::authenticate:
        case Task::fixate:
        case Task::passwd:
        case Task::repair:
        case Task::resize:
        case Task::unlock:
        case Task::update:
            return true;
        default:
            return false;
    }
}

}  // namespace hearth::service
