// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <string_view>

#include "core/system/tree.hpp"
#include "core/system/tree_walk.hpp"

namespace hearth::system {

namespace {

// Two open folders for each level; a skeleton is never nearly as deep.
constexpr unsigned kMaxDepth = 128;

Error copy_error(const std::string& name, int sys_errno) {
    const std::string what = "\"" + name + "\" cannot be copied into the home.";
    if (sys_errno == ENOSPC || sys_errno == EDQUOT)
        return Error(Code::no_space, "file-no-space", what)
            .sys(sys_errno)
            .hint("Make the home larger.");
    return Error(Code::io, "tree-copy", what).sys(sys_errno);
}

bool copy_bytes(int from, int to, off_t size) {
    off_t left = size;
    while (left > 0) {
        // Shares the blocks where the file system can.
        ssize_t moved =
            copy_file_range(from, nullptr, to, nullptr, static_cast<std::size_t>(left), 0);
        if (moved < 0 &&
            (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
            moved = sendfile(to, from, nullptr, static_cast<std::size_t>(left));
        if (moved < 0 && errno == EINTR) continue;
        if (moved < 0) return false;
        if (moved == 0) break;  // shorter than it was
        left -= moved;
    }
    return true;
}

// Others carry the labels and capabilities of the source's place, which mean nothing in a home.
void copy_user_xattrs(int from, int to) {
    std::array<char, 4096> names{};
    const ssize_t length = flistxattr(from, names.data(), names.size());
    for (ssize_t at = 0; at < length;) {
        const std::string name(&names[static_cast<std::size_t>(at)]);
        at += static_cast<ssize_t>(name.size()) + 1;
        if (!name.starts_with("user.")) continue;
        std::array<char, 4096> value{};
        const ssize_t size = fgetxattr(from, name.c_str(), value.data(), value.size());
        if (size >= 0) fsetxattr(to, name.c_str(), value.data(), static_cast<std::size_t>(size), 0);
    }
}

class Copier {
  public:
    Copier(uid_t uid, gid_t gid, const TreeWatch& watch) : uid_(uid), gid_(gid), watch_(watch) {}

    Result<void> folder(int from, int to, unsigned depth);
    [[nodiscard]] std::uint64_t done() const { return done_; }

  private:
    Result<void> entry(int from, int to, const char* name, unsigned depth);
    Result<void> file(int from, int to, const char* name, const struct stat& info);
    Result<void> link(int from, int to, const char* name);
    Result<void> subfolder(int from, int to, const char* name, const struct stat& info,
                           unsigned depth);
    Result<void> finish(int source, int copy, const char* name, const struct stat& info) const;
    Result<void> count();

    uid_t uid_;
    gid_t gid_;
    const TreeWatch& watch_;
    std::uint64_t done_ = 0;
};

Result<void> Copier::count() {
    ++done_;
    if (watch_.progress) watch_.progress(done_);
    if (watch_.cancelled && watch_.cancelled()) return tree_cancelled();
    return ok();
}

Result<void> Copier::finish(int source, int copy, const char* name, const struct stat& info) const {
    copy_user_xattrs(source, copy);
    // Owner before mode: chown() takes mode bits away.
    if (fchown(copy, uid_, gid_) != 0) return copy_error(name, errno);
    if (fchmod(copy, info.st_mode & 0777) != 0) return copy_error(name, errno);
    const timespec times[2] = {info.st_atim, info.st_mtim};
    futimens(copy, times);
    return ok();
}

Result<void> Copier::file(int from, int to, const char* name, const struct stat& info) {
    const UniqueFd source(openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!source) return copy_error(name, errno);
    const UniqueFd copy(
        openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!copy || !copy_bytes(source.get(), copy.get(), info.st_size))
        return copy_error(name, errno);
    return finish(source.get(), copy.get(), name, info);
}

Result<void> Copier::link(int from, int to, const char* name) {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = readlinkat(from, name, target.data(), target.size() - 1);
    if (length < 0 || symlinkat(target.data(), to, name) != 0) return copy_error(name, errno);
    if (fchownat(to, name, uid_, gid_, AT_SYMLINK_NOFOLLOW) != 0) return copy_error(name, errno);
    return ok();
}

Result<void> Copier::subfolder(int from, int to, const char* name, const struct stat& info,
                               unsigned depth) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
    const UniqueFd source(openat(from, name, kFlags));
    if (!source || mkdirat(to, name, 0700) != 0) return copy_error(name, errno);
    const UniqueFd copy(openat(to, name, kFlags));
    if (!copy) return copy_error(name, errno);
    HEARTH_CHECK(folder(source.get(), copy.get(), depth + 1));
    return finish(source.get(), copy.get(), name, info);
}

Result<void> Copier::entry(int from, int to, const char* name, unsigned depth) {
    struct stat info {};
    if (fstatat(from, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return copy_error(name, errno);
    switch (info.st_mode & S_IFMT) {
        case S_IFREG:
            HEARTH_CHECK(file(from, to, name, info));
            return count();
        case S_IFLNK:
            HEARTH_CHECK(link(from, to, name));
            return count();
        case S_IFDIR:
            HEARTH_CHECK(subfolder(from, to, name, info, depth));
            return count();
        default:
            return ok();
    }
}

Result<void> Copier::folder(int from, int to, unsigned depth) {
    if (depth > kMaxDepth)
        return Error(Code::invalid_argument, "tree-too-deep",
                     "The skeleton has folders nested too deeply.")
            .why("At most " + std::to_string(kMaxDepth) + " levels are copied.");
    UniqueFd own(openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(own ? fdopendir(own.get()) : nullptr,
                                                     closedir);
    if (!stream) return copy_error(".", errno);
    own.release();
    errno = 0;
    while (const dirent* found = readdir(stream.get())) {
        const std::string_view name = found->d_name;
        if (name != "." && name != "..") HEARTH_CHECK(entry(from, to, found->d_name, depth));
        errno = 0;
    }
    return errno == 0 ? ok() : Result<void>(copy_error(".", errno));
}

}  // namespace

Result<std::uint64_t> copy_tree(int source_fd, int target_fd, uid_t uid, gid_t gid,
                                const TreeWatch& watch) {
    Copier copier(uid, gid, watch);
    HEARTH_CHECK(copier.folder(source_fd, target_fd, 0));
    return copier.done();
}

}  // namespace hearth::system
