// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "core/system/file_error.hpp"
#include "core/system/files.hpp"

namespace hearth::system {

namespace {

std::string temp_name_for(const std::string& name) {
    std::uint64_t random = 0;
    // getrandom() of eight bytes cannot fail once the system has booted.
    if (getrandom(&random, sizeof random, 0) < 0) random = static_cast<std::uint64_t>(getpid());
    char hex[17];
    static_cast<void>(
        snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(random)));
    return ".#" + name + hex;
}

Result<void> fill(int fd, std::string_view bytes, const std::string& name, const FileMode& mode) {
    // Owner before mode: chown() takes mode bits away.
    if (fchown(fd, mode.uid, mode.gid) != 0) return write_error(name, errno);
    if (fchmod(fd, mode.mode) != 0) return write_error(name, errno);
    return write_all(fd, bytes, name);
}

bool is_there(int dir_fd, const std::string& name) {
    return faccessat(dir_fd, name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/// A file that replaces nothing gets its name when it is complete and is synced together with it,
/// which costs half of syncing it under another name first. False: not on this file system, or
/// somebody was faster.
Result<bool> link_new_file(int dir_fd, const std::string& name, std::string_view bytes,
                           const FileMode& mode) {
    const UniqueFd fd(openat(dir_fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (!fd) return false;
    HEARTH_CHECK(fill(fd.get(), bytes, name, mode));
    if (linkat(AT_FDCWD, fd_path(fd.get()).c_str(), dir_fd, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
        return false;
    if (fsync(fd.get()) != 0) return write_error(name, errno);
    HEARTH_CHECK(fsync_dir(dir_fd));
    return true;
}

}  // namespace

Result<void> write_all(int fd, std::string_view bytes, const std::string& name) {
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return write_error(name, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ok();
}

Result<void> write_file_atomic_at(int dir_fd, const std::string& name, std::string_view bytes,
                                  const FileMode& mode, Durability durability) {
    HEARTH_CHECK(check_name(name));
    if (durability == Durability::synced && !is_there(dir_fd, name)) {
        HEARTH_TRY(linked, link_new_file(dir_fd, name, bytes, mode));
        if (linked) return ok();
    }
    HEARTH_TRY(prepared, PreparedFile::write_at(dir_fd, name, bytes, mode));
    if (durability != Durability::atomic) HEARTH_CHECK(prepared.sync());
    HEARTH_CHECK(prepared.take_place());
    return durability == Durability::synced ? fsync_dir(dir_fd) : ok();
}

PreparedFile::PreparedFile(int dir_fd, std::string name, std::string own_name, UniqueFd fd)
    : dir_fd_(dir_fd), name_(std::move(name)), own_name_(std::move(own_name)), fd_(std::move(fd)) {}

PreparedFile::PreparedFile(PreparedFile&& other) noexcept
    : dir_fd_(other.dir_fd_),
      name_(std::move(other.name_)),
      own_name_(std::exchange(other.own_name_, {})),
      fd_(std::move(other.fd_)) {}

PreparedFile::~PreparedFile() {
    if (!own_name_.empty()) unlinkat(dir_fd_, own_name_.c_str(), 0);
}

Result<PreparedFile> PreparedFile::write_at(int dir_fd, const std::string& name,
                                            std::string_view bytes, const FileMode& mode) {
    HEARTH_CHECK(check_name(name));
    const std::string own_name = temp_name_for(name);
    HEARTH_TRY(fd, open_file_at(dir_fd, own_name, O_WRONLY | O_CREAT | O_EXCL, 0600));
    PreparedFile prepared(dir_fd, name, own_name, std::move(fd));
    HEARTH_CHECK(fill(prepared.fd_.get(), bytes, name, mode));
    return prepared;
}

Result<void> PreparedFile::sync() {
    return fsync(fd_.get()) == 0 ? ok() : Result<void>(write_error(name_, errno));
}

Result<void> PreparedFile::take_place() {
    if (renameat(dir_fd_, own_name_.c_str(), dir_fd_, name_.c_str()) != 0)
        return write_error(name_, errno);
    own_name_.clear();
    return ok();
}

}  // namespace hearth::system
