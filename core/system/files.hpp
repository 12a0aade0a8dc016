// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// Small files and folders by folder fd and name. A name is one path component: anything with a
/// slash, "." and ".." is refused (file-name-unsafe). No symbolic link is followed, every fd is
/// close-on-exec.

constexpr uid_t kKeepUid = static_cast<uid_t>(-1);
constexpr gid_t kKeepGid = static_cast<gid_t>(-1);

/// Mode and owner of something new; the umask does not apply.
struct FileMode {
    mode_t mode = 0600;
    uid_t uid = kKeepUid;
    gid_t gid = kKeepGid;
};

enum class Durability {
    /// May be lost in a power cut, on some file systems with its content; whoever looks before that
    /// never sees it half written.
    atomic,
    /// After a power cut the file is the old one or the new one, and whole.
    whole,
    /// On disk when the call returns.
    synced,
};

/// A folder by path; only the last component may not be a symbolic link.
/// Errors: file-absent (code home_absent), file-not-a-folder, file-open.
Result<UniqueFd> open_dir(const std::string& path);
/// A folder in a folder. Errors as above.
Result<UniqueFd> open_dir_at(int dir_fd, const std::string& name);
/// A readable descriptor of the folder that `dir_fd` (O_PATH, a mount) names. Errors as above.
Result<UniqueFd> reopen_dir(int dir_fd);
/// A regular file in a folder. `flags`: O_RDONLY, O_RDWR, O_CREAT|O_EXCL, ... `mode`: when it is
/// created. Errors: file-absent, file-exists, file-not-regular, file-open.
Result<UniqueFd> open_file_at(int dir_fd, const std::string& name, int flags, mode_t mode = 0600);

/// The contents of a regular file. Errors: file-absent, file-not-regular, file-too-large (more than
/// `max` bytes), file-read.
Result<std::string> read_file_at(int dir_fd, const std::string& name, std::size_t max);
/// The same for an open file, from its start.
Result<std::string> read_fd(int fd, const std::string& name, std::size_t max);
/// Writes all of it, at the current position. Errors: file-no-space, file-write.
Result<void> write_all(int fd, std::string_view bytes, const std::string& name);

/// Replaces the file `name` by one with these bytes: readers see the old one or the new one. A
/// crash can leave
/// `.#<name><16 hex digits>` behind. Errors: file-write, file-no-space.
Result<void> write_file_atomic_at(int dir_fd, const std::string& name, std::string_view bytes,
                                  const FileMode& mode, Durability durability);
/// The same in two calls, for what has to happen in between: complete under a name of its own, and
/// gone with this object unless it took its place. Borrows the folder.
class PreparedFile {
  public:
    /// Not synced. Errors: file-write, file-no-space.
    static Result<PreparedFile> write_at(int dir_fd, const std::string& name,
                                         std::string_view bytes, const FileMode& mode);
    PreparedFile(PreparedFile&& other) noexcept;
    PreparedFile& operator=(PreparedFile&&) = delete;
    ~PreparedFile();
    /// Errors: file-write.
    Result<void> sync();
    /// Replaces what is there. Errors: file-write.
    Result<void> take_place();

  private:
    PreparedFile(int dir_fd, std::string name, std::string own_name, UniqueFd fd);
    int dir_fd_;
    std::string name_;
    std::string own_name_;
    UniqueFd fd_;
};
/// False: there was none. Errors: file-remove.
Result<bool> remove_file_at(int dir_fd, const std::string& name);
/// Removes an empty folder. False: there was none. Errors: file-not-empty, file-remove (a mount
/// point: home-busy).
Result<bool> remove_dir_at(int dir_fd, const std::string& name);
/// Makes a folder and opens it. Errors: file-exists, file-no-space, file-create.
Result<UniqueFd> create_dir_at(int dir_fd, const std::string& name, const FileMode& mode);
/// Renames inside or between folders; never replaces. Errors: file-exists, file-absent,
/// file-rename.
Result<void> rename_at(int from_fd, const std::string& from, int to_fd, const std::string& to);
/// Makes creations, renames and removals in the folder durable. Errors: file-write.
Result<void> fsync_dir(int dir_fd);

/// Is it exactly one path component?
[[nodiscard]] bool is_plain_name(std::string_view name);
/// /proc/self/fd/<fd>: names an open file for calls that take only paths.
[[nodiscard]] std::string fd_path(int fd);

}  // namespace hearth::system
