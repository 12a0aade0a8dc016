// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace hearth::worker {

/// The worker's whole life: takes the request from the socket it was started with, runs the
/// operation, reports how it ended. Returns the exit status of the process.
int serve();

}  // namespace hearth::worker
