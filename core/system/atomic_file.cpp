// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>

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

// Removes the temporary file unless it has become the real one.
class TempFile {
  public:
    TempFile(int dir_fd, std::string name) : dir_fd_(dir_fd), name_(std::move(name)) {}
    TempFile(const TempFile&) = delete;
    TempFile& operator=(const TempFile&) = delete;
    ~TempFile() {
        if (!name_.empty()) unlinkat(dir_fd_, name_.c_str(), 0);
    }
    [[nodiscard]] const std::string& name() const { return name_; }
    void keep() { name_.clear(); }

  private:
    int dir_fd_;
    std::string name_;
};

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
    const std::string temp_name = temp_name_for(name);
    HEARTH_TRY(fd, open_file_at(dir_fd, temp_name, O_WRONLY | O_CREAT | O_EXCL, 0600));
    TempFile temp(dir_fd, temp_name);
    HEARTH_CHECK(fill(fd.get(), bytes, name, mode));
    if (durability != Durability::atomic && fsync(fd.get()) != 0) return write_error(name, errno);
    if (renameat(dir_fd, temp_name.c_str(), dir_fd, name.c_str()) != 0)
        return write_error(name, errno);
    temp.keep();
    if (durability == Durability::synced) return fsync_dir(dir_fd);
    return ok();
}

}  // namespace hearth::system
