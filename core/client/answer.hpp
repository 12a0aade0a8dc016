// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/unique_fd.hpp"
#include "core/worker/request.hpp"

namespace hearth::client {

/// How an operation of the service ended.
struct Answer {
    worker::Reply reply;
    /// acquire: what keeps the home open as long as it is.
    UniqueFd reference;
};

}  // namespace hearth::client
