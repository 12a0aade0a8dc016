// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/operation/operation.hpp"
#include "core/plugin/session.hpp"

namespace hearth::operation {

/// Makes the mount of a home out of what a storage plugin handed over: cloned, restricted, private,
/// and with its files' owner mapped to the user's UID where the file system can do that. It is
/// attached nowhere yet.
///
/// Where owners cannot be mapped, the files are given to the user one by one; an interrupted run
/// goes on at the next activation. Errors: mount-*, idmap-unavailable, tree-*.
Result<UniqueFd> make_home_mount(Operation& op, const plugin::Root& root,
                                 const record::UserRecord& record);

/// Attaches it at the home directory, which is made if need be. Errors: home-directory-in-use,
/// mount-attach.
Result<void> attach_home_mount(Operation& op, int mount_fd, const record::UserRecord& record);

}  // namespace hearth::operation
