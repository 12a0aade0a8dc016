// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/worker/client.hpp"
#include "hosts/homectl/context.hpp"

namespace hearth::homectl {

/// Runs one operation in a worker, with its progress shown on a terminal and Ctrl-C turned into a
/// cancellation; a second Ctrl-C waits like the first one. Warnings of the operation are printed as
/// notices. Errors: those of worker::Client::run().
Result<worker::Reply> run_operation(const Context& context, worker::Request request);

/// If an earlier operation was interrupted, finishes or undoes it first, and says so in a line. A
/// home for which that fails is reported.
void recover_first(const Context& context);

}  // namespace hearth::homectl
