// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/bus/method.hpp"

// Updates, for which permission depends on what is changed. The record names the home.

namespace hearth::homed {

void update_home(Context& context, const CallPtr& call);
void update_home_ex(Context& context, const CallPtr& call);
void update(Context& context, const CallPtr& call, const service::Home& home);
void update_ex(Context& context, const CallPtr& call, const service::Home& home);

}  // namespace hearth::homed
