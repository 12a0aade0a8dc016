// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "core/system/file_error.hpp"

namespace hearth::system {

bool is_plain_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.size() <= NAME_MAX &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

std::string fd_path(int fd) {
    return "/proc/self/fd/" + std::to_string(fd);
}

Result<UniqueFd> open_dir(const std::string& path) {
    UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return open_error(path, errno);
    return fd;
}

Result<UniqueFd> open_dir_at(int dir_fd, const std::string& name) {
    HEARTH_CHECK(check_name(name));
    UniqueFd fd(openat(dir_fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return open_error(name, errno);
    return fd;
}

Result<UniqueFd> reopen_dir(int dir_fd) {
    UniqueFd fd(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return open_error(fd_path(dir_fd), errno);
    return fd;
}

Result<UniqueFd> open_file_at(int dir_fd, const std::string& name, int flags, mode_t mode) {
    HEARTH_CHECK(check_name(name));
    // O_NONBLOCK: a pipe in the place of the file must not make a root process wait.
    UniqueFd fd(
        openat(dir_fd, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode));
    if (!fd) return open_error(name, errno);
    struct stat info {};
    if (fstat(fd.get(), &info) != 0) return open_error(name, errno);
    if (!S_ISREG(info.st_mode)) return not_regular(name);
    return fd;
}

Result<std::string> read_fd(int fd, const std::string& name, std::size_t max) {
    std::string bytes;
    struct stat info {};
    std::size_t size = 0;  // 0: not known
    if (fstat(fd, &info) == 0 && info.st_size > 0) size = static_cast<std::size_t>(info.st_size);
    // One byte more than the file has shows its end without a second call.
    bytes.resize(size > 0 ? std::min(size, max) + 1 : std::min(max + 1, std::size_t{4096}));
    std::size_t done = 0;
    while (true) {
        const ssize_t got =
            pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return Error(Code::io, "file-read", "The file \"" + name + "\" cannot be read.")
                .sys(errno);
        done += static_cast<std::size_t>(got);
        if (got == 0) break;
        if (done == size && done < bytes.size()) break;
        if (done > max) return too_large(name, max);
        if (done == bytes.size()) bytes.resize(std::min(2 * done, max + 1));
    }
    bytes.resize(done);
    return bytes;
}

Result<std::string> read_file_at(int dir_fd, const std::string& name, std::size_t max) {
    HEARTH_TRY(fd, open_file_at(dir_fd, name, O_RDONLY));
    return read_fd(fd.get(), name, max);
}

Result<bool> remove_file_at(int dir_fd, const std::string& name) {
    HEARTH_CHECK(check_name(name));
    if (unlinkat(dir_fd, name.c_str(), 0) == 0) return true;
    if (errno == ENOENT) return false;
    return remove_error(name, errno);
}

Result<bool> remove_dir_at(int dir_fd, const std::string& name) {
    HEARTH_CHECK(check_name(name));
    if (unlinkat(dir_fd, name.c_str(), AT_REMOVEDIR) == 0) return true;
    if (errno == ENOENT) return false;
    return remove_error(name, errno);
}

Result<UniqueFd> create_dir_at(int dir_fd, const std::string& name, const FileMode& mode) {
    HEARTH_CHECK(check_name(name));
    if (mkdirat(dir_fd, name.c_str(), 0700) != 0) return create_error(name, errno);
    HEARTH_TRY(fd, open_dir_at(dir_fd, name));
    if (fchown(fd.get(), mode.uid, mode.gid) != 0 || fchmod(fd.get(), mode.mode) != 0) {
        const int why = errno;
        unlinkat(dir_fd, name.c_str(), AT_REMOVEDIR);
        return create_error(name, why);
    }
    return fd;
}

Result<void> rename_at(int from_fd, const std::string& from, int to_fd, const std::string& to) {
    HEARTH_CHECK(check_name(from));
    HEARTH_CHECK(check_name(to));
    if (renameat2(from_fd, from.c_str(), to_fd, to.c_str(), RENAME_NOREPLACE) == 0) return ok();
    return rename_error(from, to, errno);
}

Result<void> fsync_dir(int dir_fd) {
    if (fsync(dir_fd) == 0) return ok();
    return write_error("the folder", errno);
}

}  // namespace hearth::system
