// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "core/base/result.hpp"
#include "core/worker/client.hpp"
#include "hosts/homectl/context.hpp"

namespace hearth::homectl {

/// Runs one operation, with its progress shown on a terminal and Ctrl-C turned into a
/// cancellation; a second Ctrl-C waits like the first one. Warnings of the operation are printed as
/// notices. Errors: those of client::Homes::run().
Result<worker::Reply> run_operation(const Context& context, worker::Request request);

/// What else than Homes::run() can be done with a request.
using Act = std::function<Result<worker::Reply>(worker::Request, worker::Observer&)>;
Result<worker::Reply> run_operation(const Context& context, worker::Request request,
                                    const Act& act);

/// If an earlier operation was interrupted, finishes or undoes it first, and says so in a line. A
/// home for which that fails is reported.
void recover_first(const Context& context);

}  // namespace hearth::homectl
