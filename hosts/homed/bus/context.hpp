// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/service/service.hpp"
#include "hosts/homed/bus/access.hpp"
#include "hosts/homed/bus/log_settings.hpp"
#include "hosts/homed/bus/senders.hpp"

namespace hearth::homed {

/// What the methods of the objects on the bus work with. Borrows everything.
struct Context {
    service::Service& service;
    Senders& senders;
    Access& access;
    LogSettings& log;
};

}  // namespace hearth::homed
