// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/service/loop.hpp"
#include "core/service/service.hpp"
#include "hosts/homed/varlink/server.hpp"

namespace hearth::homed::varlink {

/// Answers who is who on /run/systemd/userdb/io.systemd.Home, below the service's root, as long as
/// the server lives. Borrows both. Lets this process open as many files as it may.
/// Errors: varlink-socket, varlink-socket-taken.
Result<std::unique_ptr<Server>> serve(service::Loop& loop, service::Service& service);

}  // namespace hearth::homed::varlink
