// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/bus/method.hpp"

// The public keys that this machine accepts records from, its own among them.

namespace hearth::homed {

void list_signing_keys(Context& context, const CallPtr& call);
void get_signing_key(Context& context, const CallPtr& call);
void add_signing_key(Context& context, const CallPtr& call);
void remove_signing_key(Context& context, const CallPtr& call);

}  // namespace hearth::homed
