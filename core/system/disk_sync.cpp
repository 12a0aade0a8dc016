// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/disk_sync.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <set>
#include <string>

#include "core/base/unique_fd.hpp"
#include "core/system/mounts.hpp"
#include "core/system/suspension.hpp"

namespace hearth::system {

void sync_disks() {
    std::set<std::string> seen;
    for (const auto& mount : all_mounts()) {
        if (!mount.source.starts_with("/dev/") || seen.contains(mount.source)) continue;
        if (is_suspended(AT_FDCWD, mount.mount_point)) continue;
        const UniqueFd place(::open(mount.mount_point.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        if (place && ::syncfs(place.get()) == 0) seen.insert(mount.source);
    }
}

}  // namespace hearth::system
