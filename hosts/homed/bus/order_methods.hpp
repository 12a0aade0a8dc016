// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/bus/action.hpp"
#include "hosts/homed/bus/method.hpp"

// The methods that are one operation on one home: who may, what the call says, and off it goes.

namespace hearth::homed {

struct OrderMethod {
    const char* verb;
    Action action;
    /// May the owner do it without asking anybody?
    bool owner_may;
    /// Reads the arguments into the order, whose subject is the user already. May be null.
    Result<void> (*read)(sd_bus_message* call, const service::Home& home, service::Order& order);
};

/// Checks, reads, submits, and answers when all is done.
void place_order(Context& context, const CallPtr& call, const service::Home& home,
                 const OrderMethod& method);
/// Submits the order and answers with nothing but success when it is done.
void submit(Context& context, const CallPtr& call, service::Order order);

template <const OrderMethod& kOrder>
void ordered(Context& context, const CallPtr& call, const service::Home& home) {
    place_order(context, call, home, kOrder);
}

extern const OrderMethod kActivate;
extern const OrderMethod kActivateIfReferenced;
extern const OrderMethod kAuthenticate;
extern const OrderMethod kChangePassword;
extern const OrderMethod kDeactivate;
extern const OrderMethod kFixate;
extern const OrderMethod kLock;
extern const OrderMethod kRealize;
extern const OrderMethod kRemove;
extern const OrderMethod kResize;
extern const OrderMethod kUnlock;
extern const OrderMethod kUnregister;

}  // namespace hearth::homed
