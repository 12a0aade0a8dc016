// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace hearth::directory {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

sdk::Error open_error(const char* name, int sys_errno) {
    const std::string what = std::string("the folder ") + name;
    switch (sys_errno) {
        case ENOENT:
            return {HEARTH_E_HOME_ABSENT, what + " does not exist", sys_errno};
        case ENOTDIR:
            return {HEARTH_E_CORRUPT, what + " is not a folder", sys_errno};
        case ELOOP:
            return {HEARTH_E_PERMISSION, what + " is a symbolic link", sys_errno};
        default:
            return sdk::sys_error(sys_errno, what + " cannot be opened");
    }
}

bool exists(const sdk::Place& place) {
    struct stat info {};
    return fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

sdk::Error exists_already(const sdk::Place& place) {
    return {HEARTH_E_HOME_EXISTS, std::string(place.name) + " exists already", EEXIST};
}

}  // namespace

sdk::Result<void> sync_folder(int fd, const char* what) {
    const sdk::UniqueFd folder(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder && fsync(folder.get()) == 0) return sdk::ok();
    return sdk::sys_error(errno, std::string(what) + " cannot be synced");
}

DirectorySession::DirectorySession(const sdk::Place& place, sdk::UniqueFd folder, bool created,
                                   std::uint32_t owner)
    : place_(place), folder_(std::move(folder)), created_(created), owner_(owner) {}

sdk::Result<std::unique_ptr<sdk::Session>> DirectorySession::create(const sdk::Place& place) {
    // Said before any work is done; close() makes sure of it again.
    if (exists(place)) return exists_already(place);
    if (mkdirat(place.dir, place.temp_name, 0700) != 0)
        return sdk::sys_error(errno,
                              std::string("the folder ") + place.temp_name + " cannot be created");
    sdk::UniqueFd folder(openat(place.dir, place.temp_name, kFolder));
    // The umask of the host does not matter.
    if (!folder || fchmod(folder.get(), 0700) != 0) {
        const int why = errno;
        unlinkat(place.dir, place.temp_name, AT_REMOVEDIR);
        return open_error(place.temp_name, why);
    }
    return std::unique_ptr<sdk::Session>(
        new DirectorySession(place, std::move(folder), true, HEARTH_OWNER_USER));
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectorySession::open(const sdk::Place& place) {
    sdk::UniqueFd folder(openat(place.dir, place.name, kFolder));
    if (!folder) return open_error(place.name, errno);
    struct stat info {};
    if (fstat(folder.get(), &info) != 0) return open_error(place.name, errno);
    // A folder that came from another machine keeps its owner there: mapping it costs nothing, a
    // chown of everything would. One of root's was never given to anybody.
    const std::uint32_t owner = info.st_uid == 0 ? HEARTH_OWNER_USER : info.st_uid;
    return std::unique_ptr<sdk::Session>(
        new DirectorySession(place, std::move(folder), false, owner));
}

sdk::Result<void> DirectorySession::mount(sdk::Op, hearth_root& root) {
    root.fd = folder_.get();
    root.kind = HEARTH_ROOT_PLAIN_DIR;
    root.idmap = 1;
    root.owner = owner_;
    root.subdir = nullptr;
    return sdk::ok();
}

sdk::Result<void> DirectorySession::unmount(sdk::Op) {
    return sdk::ok();
}

sdk::Result<void> DirectorySession::close(sdk::Op op, std::uint32_t disposition) {
    if (disposition == HEARTH_CLOSE_ROLLBACK) return created_ ? discard() : sdk::ok();
    HEARTH_SDK_CHECK(sync_folder(folder_.get(), place_.name));
    if (!created_) return sdk::ok();
    const sdk::Critical between_two_names(op);
    auto published = publish();
    // Nobody could find it under its temporary name any more.
    if (!published) static_cast<void>(discard());
    return published;
}

sdk::Result<void> DirectorySession::publish() {
    if (renameat2(place_.dir, place_.temp_name, place_.dir, place_.name, RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) return exists_already(place_);
        return sdk::sys_error(errno, std::string(place_.name) + " cannot be put in its place");
    }
    return sync_folder(place_.dir, "the folder of the home");
}

sdk::Result<void> DirectorySession::discard() {
    folder_.reset();
    return sdk::remove_tree(place_.dir, place_.temp_name);
}

}  // namespace hearth::directory
