// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/home/store.hpp"
#include "hosts/homed/bus/arguments.hpp"
#include "hosts/homed/bus/call.hpp"
#include "hosts/homed/bus/context.hpp"
#include "hosts/homed/bus/trampoline.hpp"

// From the callbacks of sd-bus to functions that look like any other. Those answer the call, at
// once or later.

namespace hearth::homed {

using Method = void (*)(Context&, const CallPtr&);
using HomeMethod = void (*)(Context&, const CallPtr&, const service::Home&);

/// The home of that name; "": the one of the caller. Fails the call if there is none.
template <typename Then>
void with_home(Context& context, const CallPtr& call, const std::string& name, Then then) {
    const auto go_on = [call, then](const service::Home* home, const std::string& who) {
        if (home == nullptr) return call->fail(home::unknown_home(who));
        then(*home);
    };
    if (!name.empty()) return go_on(context.service.homes().find(name), name);
    context.senders.ask(call->message(), [&context, call, go_on](Result<uid_t> uid) {
        if (!uid) return call->fail(uid.error());
        go_on(context.service.homes().find_uid(*uid), std::to_string(*uid));
    });
}

/// A method of the manager.
template <Method kMethod>
int on_manager(sd_bus_message* message, void* context, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        kMethod(*static_cast<Context*>(context), std::make_shared<Call>(message));
        return 1;
    });
}

/// A method of the manager whose first argument names a home. What follows are the arguments of the
/// home's own method.
template <HomeMethod kMethod>
int on_named(sd_bus_message* message, void* userdata, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        auto& context = *static_cast<Context*>(userdata);
        const auto call = std::make_shared<Call>(message);
        const auto name = read_text(message);
        if (!name) {
            call->fail(name.error());
            return 1;
        }
        with_home(context, call, *name,
                  [&context, call](const service::Home& home) { kMethod(context, call, home); });
        return 1;
    });
}

/// A method of a home's object: sd-bus has found the home already, and the context is what the
/// objects were registered with.
template <HomeMethod kMethod>
int on_home(sd_bus_message* message, void* home, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        auto* const slot = sd_bus_get_current_slot(sd_bus_message_get_bus(message));
        kMethod(*static_cast<Context*>(sd_bus_slot_get_userdata(slot)),
                std::make_shared<Call>(message), *static_cast<const service::Home*>(home));
        return 1;
    });
}

}  // namespace hearth::homed
