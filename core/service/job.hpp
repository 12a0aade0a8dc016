// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <optional>
#include <string>

#include "core/service/order.hpp"
#include "core/service/rules.hpp"
#include "core/service/runner.hpp"
#include "core/service/service.hpp"

// Private to core/service.

namespace hearth::service {

/// An order on its way.
struct Service::Job {
    Ticket ticket = 0;
    Order order;
    Task task = Task::activate;
    /// Whose home it is about.
    std::string user;
    /// Shown instead of the usual state while it runs.
    std::optional<State> shown_as;
    /// The worker, once there is one.
    Runner::Id run = 0;
    /// Still to be done when the home has its record, with a copy of the secrets.
    std::optional<worker::Request> after_fixating;
};

}  // namespace hearth::service
