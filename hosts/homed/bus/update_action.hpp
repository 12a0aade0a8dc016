// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include "core/record/machine.hpp"
#include "core/service/home.hpp"
#include "core/worker/request.hpp"
#include "hosts/homed/bus/action.hpp"

namespace hearth::homed {

/// What somebody needs permission for who asks for this update (which has a record) of the home as
/// it is now: less where the owner changes nothing but what users may change of themselves.
[[nodiscard]] Action action_of_update(const worker::Request& request, const service::Home& home,
                                      const record::Machine& machine, uid_t sender);

}  // namespace hearth::homed
