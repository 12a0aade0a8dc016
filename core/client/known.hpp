// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/record/user_record.hpp"

namespace hearth::client {

/// What is known of one home.
struct Known {
    record::UserRecord record;
    /// In the words of org.freedesktop.home1: "active", "locked", "resizing-while-active"...
    std::string state;
    /// There is more in the record than the caller may see.
    bool incomplete = false;
};

}  // namespace hearth::client
