// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/base/result.hpp"
#include "core/client/homes.hpp"
#include "core/home/root.hpp"

namespace hearth::client {

/// The homes of this machine through its service, or without one where none can be reached and root
/// asks. Those in a folder (--root) are no service's business. `may_ask`: polkit may ask the
/// person. Errors: not-root, machine-id-missing, machine-id-invalid.
Result<std::unique_ptr<Homes>> open_homes(const home::Root& root, bool may_ask);

}  // namespace hearth::client
