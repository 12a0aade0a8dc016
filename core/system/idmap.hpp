// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// A user namespace for set_idmap(): files of `stored` on the medium are seen as files of
/// `exposed`, in both uid and gid. System users, containers and the foreign range keep their
/// numbers; every other owner is seen as nobody and cannot be created. Takes about 0.2 ms. Errors:
/// idmap-unavailable.
Result<UniqueFd> make_home_idmap(uid_t stored, uid_t exposed);

/// The lines of that map: "<on the medium> <seen> <count>".
std::string home_map_lines(uid_t stored, uid_t exposed);

}  // namespace hearth::system
