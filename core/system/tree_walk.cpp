// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/tree_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace hearth::system {

namespace {

constexpr std::size_t kMaxOpen = 64;
constexpr std::uint64_t kTellEvery = 256;

struct CloseDir {
    void operator()(DIR* dir) const { closedir(dir); }
};

Error read_error(const std::string& name, int sys_errno) {
    return Error(Code::io, "tree-read", "The folder \"" + name + "\" cannot be read.")
        .sys(sys_errno);
}

bool is_dot(const char* name) {
    return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

// Fails with EXDEV instead of entering another mount, a bind mount of the same file system
// included.
UniqueFd open_here(int dir_fd, const char* name) {
    open_how how{};
    how.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    how.resolve = RESOLVE_NO_XDEV;
    return UniqueFd(static_cast<int>(syscall(SYS_openat2, dir_fd, name, &how, sizeof how)));
}

}  // namespace

Error tree_cancelled() {
    return Error(Code::cancelled, "cancelled", "The operation was cancelled.");
}

Result<void> TreeWalk::count() {
    if (++done_ % kTellEvery != 0) return ok();
    if (watch_.progress) watch_.progress(done_);
    if (watch_.cancelled && watch_.cancelled()) return tree_cancelled();
    return ok();
}

Result<void> TreeWalk::look_at(Folder& folder, const char* name) {
    struct stat info {};
    if (fstatat(folder.fd.get(), name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? ok() : Result<void>(read_error(name, errno));
    if (S_ISDIR(info.st_mode)) {
        folder.folders.emplace_back(name);
        return ok();
    }
    HEARTH_CHECK(visit_(folder.fd.get(), name, info));
    return count();
}

Result<void> TreeWalk::enter(UniqueFd fd, std::string name, const struct stat& info) {
    Folder folder{std::move(name), info, std::move(fd), {}};
    // The stream gets an fd of its own: it is read to its end here, and the folder stays open.
    UniqueFd copy(openat(folder.fd.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, CloseDir> stream(copy ? fdopendir(copy.get()) : nullptr);
    if (!stream) return read_error(folder.name, errno);
    copy.release();
    errno = 0;
    while (const dirent* entry = readdir(stream.get())) {
        if (!is_dot(entry->d_name)) HEARTH_CHECK(look_at(folder, entry->d_name));
        errno = 0;
    }
    if (errno != 0) return read_error(folder.name, errno);
    path_.push_back(std::move(folder));
    if (path_.size() > kMaxOpen + 1) path_[path_.size() - 1 - kMaxOpen].fd.reset();
    return ok();
}

// "..", checked: somebody who moves a folder meanwhile must not lead this walk out of the tree.
Result<void> TreeWalk::reopen_parent(const Folder& child, Folder& parent) {
    if (parent.fd) return ok();
    UniqueFd fd(openat(child.fd.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return read_error(parent.name, errno);
    struct stat info {};
    if (fstat(fd.get(), &info) != 0) return read_error(parent.name, errno);
    if (info.st_ino != parent.info.st_ino || info.st_dev != parent.info.st_dev)
        return Error(Code::io, "tree-changed",
                     "The folder \"" + child.name + "\" was moved while it was worked on.")
            .hint("End the programs that use the home, then try again.");
    parent.fd = std::move(fd);
    return ok();
}

Result<void> TreeWalk::leave() {
    const Folder child = std::move(path_.back());
    path_.pop_back();
    if (path_.empty()) return ok();
    HEARTH_CHECK(reopen_parent(child, path_.back()));
    HEARTH_CHECK(visit_(path_.back().fd.get(), child.name.c_str(), child.info));
    return count();
}

Result<void> TreeWalk::step() {
    Folder& here = path_.back();
    if (here.folders.empty()) return leave();
    std::string name = std::move(here.folders.back());
    here.folders.pop_back();
    UniqueFd fd = open_here(here.fd.get(), name.c_str());
    if (!fd && (errno == EXDEV || errno == ENOENT)) return ok();
    if (!fd) return read_error(name, errno);
    struct stat info {};
    if (fstat(fd.get(), &info) != 0) return read_error(name, errno);
    return enter(std::move(fd), std::move(name), info);
}

Result<void> TreeWalk::run(int top_fd) {
    struct stat info {};
    if (fstat(top_fd, &info) != 0) return read_error(".", errno);
    UniqueFd top(openat(top_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!top) return read_error(".", errno);
    HEARTH_CHECK(enter(std::move(top), ".", info));
    while (!path_.empty()) HEARTH_CHECK(step());
    if (watch_.progress) watch_.progress(done_);
    return ok();
}

}  // namespace hearth::system
