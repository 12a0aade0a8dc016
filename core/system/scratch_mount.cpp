// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/scratch_mount.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "core/system/mounts.hpp"
#include "core/system/shared_child.hpp"

namespace hearth::system {

namespace {

// What the child is asked, and what it found: it shares the caller's memory and table of fds.
struct Scratch {
    int mount_fd = -1;
    const char* subdir = nullptr;
    int clone_fd = -1;
    int failed_errno = 0;
};

UniqueFd open_beneath(int dir_fd, const char* path) {
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    return UniqueFd(static_cast<int>(syscall(SYS_openat2, dir_fd, path, &how, sizeof how)));
}

bool attach_and_clone(Scratch& scratch) {
    // Private first: what is attached here must not reach the namespace that this one was copied
    // from.
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    if (move_mount(scratch.mount_fd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0) return false;
    const UniqueFd folder = open_beneath(scratch.mount_fd, scratch.subdir);
    if (!folder) return false;
    scratch.clone_fd =
        open_tree(folder.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    return scratch.clone_fd >= 0;
}

int child_main(void* argument) {
    Scratch& scratch = *static_cast<Scratch*>(argument);
    if (!attach_and_clone(scratch)) scratch.failed_errno = errno;
    return 0;
}

Error scratch_error(const std::string& subdir, int sys_errno) {
    return Error(Code::io, "mount-scratch",
                 "The folder \"" + subdir + "\" of the home's file system cannot be mounted.")
        .sys(sys_errno);
}

}  // namespace

Result<UniqueFd> clone_subfolder(int mount_fd, const std::string& subdir) {
    const UniqueFd folder = open_beneath(mount_fd, subdir.c_str());
    if (!folder) return scratch_error(subdir, errno);
    auto direct = clone_tree(folder.get());
    if (direct || direct.error().sys_errno() != EINVAL) return direct;
    return clone_subfolder_in_scratch(mount_fd, subdir);
}

Result<UniqueFd> clone_subfolder_in_scratch(int mount_fd, const std::string& subdir) {
    Scratch scratch{mount_fd, subdir.c_str()};
    // A shared table of fds brings the new one back without a socket.
    const pid_t child = run_sharing_memory(child_main, &scratch, CLONE_FILES | CLONE_NEWNS);
    if (child < 0) return scratch_error(subdir, errno);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
    if (scratch.failed_errno != 0) return scratch_error(subdir, scratch.failed_errno);
    return UniqueFd(scratch.clone_fd);
}

}  // namespace hearth::system
