// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/service/order.hpp"
#include "core/service/rules.hpp"
#include "core/service/runner.hpp"
#include "core/service/service.hpp"
#include "core/worker/operation_id.hpp"
#include "core/worker/operation_log.hpp"

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
    /// The reference that was asked for: made before the home is opened.
    std::shared_ptr<UniqueFd> reference;
    /// When it began, and whether a password, PIN or the like came with it.
    std::uint64_t begin_usec = 0;
    bool has_secret = false;
    /// Names it in the log; and what goes there, as soon as there is a worker.
    std::string operation;
    std::shared_ptr<worker::OperationLog> log;
    /// The service's own idea.
    bool by_itself = false;
    /// Nobody knows what it asks for.
    bool is_unknown = false;
    /// Set while the answer is held back.
    std::unique_ptr<Loop::Handle> delay;
    /// Still to be done when the home has its record, with a copy of the secrets.
    std::optional<worker::Request> after_fixating;
};

}  // namespace hearth::service
