// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/bus/method.hpp"

// The methods that take a record.

namespace hearth::homed {

void create_home(Context& context, const CallPtr& call);
void create_home_ex(Context& context, const CallPtr& call);
void register_home(Context& context, const CallPtr& call);
void adopt_home(Context& context, const CallPtr& call);

}  // namespace hearth::homed
