// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/bus/method.hpp"

// Who uses a home, and what is done to all homes at once.

namespace hearth::homed {

/// Anybody may try: the secret is what protects the home.
void acquire_by_anybody(Context& context, const CallPtr& call, const service::Home& home);
void acquire_by_root(Context& context, const CallPtr& call, const service::Home& home);
void ref(Context& context, const CallPtr& call, const service::Home& home);
void ref_unrestricted(Context& context, const CallPtr& call, const service::Home& home);
void release(Context& context, const CallPtr& call, const service::Home& home);

void lock_all(Context& context, const CallPtr& call);
void deactivate_all(Context& context, const CallPtr& call);
void rebalance(Context& context, const CallPtr& call);

}  // namespace hearth::homed
