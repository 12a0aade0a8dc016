// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/store.hpp"
#include "core/service/home.hpp"
#include "core/service/surroundings.hpp"

// Private to core/service.

namespace hearth::service {

/// The homes of these users, in their order; those whose records are damaged with the reason. Many
/// are read by several threads, which are gone when this returns.
[[nodiscard]] std::vector<Result<std::unique_ptr<Home>>> load_homes(
    const home::Store& store, const std::vector<std::string>& users,
    const Surroundings& surroundings);

}  // namespace hearth::service
