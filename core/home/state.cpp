// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/state.hpp"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/system/suspension.hpp"

namespace hearth::home {

namespace {

bool is_mounted(const std::string& path) {
    struct statx status {};
    return ::statx(AT_FDCWD, path.c_str(),
                   AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_INO,
                   &status) == 0 &&
           (status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// Names of devices by what is on them are udevd's to make. Where none runs only the storage can
/// find them, which takes a plugin.
bool may_be_elsewhere(const std::string& image) {
    return image.starts_with("/dev/disk/") && ::access("/run/udev/control", F_OK) != 0;
}

/// Set while a medium with a file system of its own is open; still there afterwards if it was not
/// closed cleanly.
bool is_marked_dirty(const std::string& image) {
    return ::lgetxattr(image.c_str(), "user.home-dirty", nullptr, 0) >= 0;
}

}  // namespace

std::string_view to_text(State state) {
    switch (state) {
        case State::absent:
            return "absent";
        case State::inactive:
            return "inactive";
        case State::dirty:
            return "dirty";
        case State::active:
            return "active";
        case State::locked:
            return "locked";
    }
    return "unknown";
}

State state_of(const record::Effective& effective, const Root& root) {
    return look_at({effective.home_directory(), effective.text("imagePath").value_or("")}, root)
        .state;
}

Look look_at(const Places& places, const Root& root) {
    const std::string home = root.path(places.home_directory);
    if (is_mounted(home))
        return {system::is_suspended(AT_FDCWD, home) ? State::locked : State::active};
    if (places.image.empty()) return {State::inactive};
    const std::string path = root.path(places.image);
    struct stat image {};
    if (::stat(path.c_str(), &image) != 0)
        return {may_be_elsewhere(places.image) ? State::inactive : State::absent};
    // Only what is opened as a whole can have been left open.
    const bool is_dirty = S_ISREG(image.st_mode) && is_marked_dirty(path);
    return {is_dirty ? State::dirty : State::inactive, image};
}

Error locked_error(const std::string& user) {
    return Error(Code::home_locked, "home-locked", "The home of " + user + " is locked.")
        .why("Its key is not in the kernel, and whatever touches its files waits.")
        .hint("Unlock it with: homectl unlock " + user);
}

}  // namespace hearth::home
