// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/root_guard.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "core/operation/place.hpp"
#include "core/record/effective.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

Error wrong_root(const std::string& why) {
    return Error(Code::internal, "plugin-wrong-root",
                 "The storage plugin handed over a folder that cannot be a home; nothing was done "
                 "to it.")
        .why(why)
        .hint("This is a fault of the plugin: homectl plugins names it.");
}

bool same_folder(const struct stat& left, const struct stat& right) {
    return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/// Is `root` one of the folders from `start` up to the system's top folder?
Result<bool> is_on_the_way(const struct stat& root, int start) {
    HEARTH_TRY(folder, system::reopen_dir(start));
    struct stat here {};
    struct stat above {};
    for (bool top = false; !top;) {
        if (::fstat(folder.get(), &here) != 0)
            return wrong_root("Its surroundings cannot be looked at.");
        if (same_folder(here, root)) return true;
        UniqueFd parent(::openat(folder.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!parent || ::fstat(parent.get(), &above) != 0)
            return wrong_root("Its surroundings cannot be looked at.");
        top = same_folder(here, above);
        folder = std::move(parent);
    }
    return false;
}

}  // namespace

Result<void> check_home_root(Operation& op, const record::UserRecord& record, int root_fd) {
    struct stat root {};
    struct stat system_root {};
    if (::fstat(root_fd, &root) != 0 || ::stat("/", &system_root) != 0) {
        return wrong_root("It cannot be looked at.");
    }
    if (same_folder(root, system_root)) return wrong_root("It is the system's own top folder.");
    if (!record::Effective(record, op.machine()).text("imagePath")) return ok();
    HEARTH_TRY(place, place_of(op, record));
    HEARTH_TRY(outside, is_on_the_way(root, place.dir.get()));
    return outside ? Result<void>(wrong_root("The home's own image lies in it.")) : ok();
}

Result<void> check_new_root(int root_fd) {
    std::error_code error;
    if (std::filesystem::is_empty(system::fd_path(root_fd), error) && !error) return ok();
    return wrong_root("It is not empty, although the home was made just now.");
}

}  // namespace hearth::operation
