// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace hearth::worker {

/// The worker program that was installed together with the running program: found from where the
/// latter lies, so that an installation can be moved as a whole.
[[nodiscard]] std::string worker_program();

}  // namespace hearth::worker
