// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <functional>

#include "core/home/root.hpp"
#include "core/record/compact_record.hpp"
#include "core/record/machine.hpp"

namespace hearth::service {

/// What every home needs to know about the machine that it is on. Outlives the homes.
struct Surroundings {
    home::Root root;
    record::Machine machine;
    /// Did this machine's key alone sign the record?
    std::function<bool(const record::CompactRecord&)> is_signed_here;
};

}  // namespace hearth::service
