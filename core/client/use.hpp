// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/unique_fd.hpp"
#include "core/record/user_record.hpp"

namespace hearth::client {

/// A home that is kept open: see Homes::acquire().
struct Use {
    /// As it is while the home is open.
    record::UserRecord record;
    /// The service's reference: whoever holds it uses the home.
    UniqueFd reference;
    /// Without a service: the home was closed before.
    bool opened = false;
};

}  // namespace hearth::client
