// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace hearth::system {

/// A process that keeps a mount or a device busy, and with what: "current folder /home/ann/src".
struct Holder {
    pid_t pid = 0;
    std::string comm;
    std::string what;
};

/// Who has a current folder, a root, an open file, a program or a mapped file in this mount. At
/// most `limit` processes, one entry each; what cannot be looked at is left out. Takes
/// milliseconds: for messages only.
std::vector<Holder> find_mount_holders(std::uint64_t mount_id, std::size_t limit = 16);
/// The same for everything on a device (stat's st_dev), through whatever mount.
std::vector<Holder> find_device_holders(dev_t device, std::size_t limit = 16);

/// Only what on it belongs to `uid` as far as the process sees it.
std::vector<Holder> find_owner_holders(dev_t device, uid_t uid, std::size_t limit = 16);

/// "Processes use it: vi (4711, open file /home/ann/letter); ...", or that nobody could be found.
std::string list_holders(const std::vector<Holder>& holders);
/// The error home-busy with the holders' names in it.
Error busy_error(const std::string& what, const std::vector<Holder>& holders);

}  // namespace hearth::system
