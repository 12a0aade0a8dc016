// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/result.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/request.hpp"

namespace hearth::service {

/// Who asks. The host has checked that they may.
struct Caller {
    uid_t uid = 0;
};

/// Called once, from the loop or from within the call that placed the order.
using Done = std::function<void(Result<worker::Reply>)>;

/// One operation that a client asks for.
struct Order {
    /// The verb is one of the worker's. Its subject: the user name, an alias or what else
    /// Registry::find() knows; for adopt the path of the image; for create and register ignored.
    worker::Request request;
    Caller caller;
    /// Hears what happens meanwhile; may be null.
    std::shared_ptr<worker::Listener> listener;
    /// activate: only if somebody holds a reference.
    bool only_if_referenced = false;
    Done done;
};

/// Names an order that was placed, until it is done; never 0.
using Ticket = std::uint64_t;

}  // namespace hearth::service
