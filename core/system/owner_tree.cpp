// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>

#include "core/system/files.hpp"
#include "core/system/tree.hpp"
#include "core/system/tree_walk.hpp"

namespace hearth::system {

namespace {

constexpr mode_t kKeptBits = 0777;

class OwnerChange {
  public:
    OwnerChange(uid_t uid, gid_t gid) : uid_(uid), gid_(gid) {}

    [[nodiscard]] bool is_right(const struct stat& info) const {
        if (info.st_uid != uid_ || info.st_gid != gid_) return false;
        return S_ISLNK(info.st_mode) || (info.st_mode & 07777 & ~kKeptBits) == 0;
    }

    Result<void> apply(int dir_fd, const char* name, const struct stat& info) {
        if (is_right(info)) return ok();
        // ACLs first: once owner and mode are right, a repeated run passes by.
        if (!S_ISLNK(info.st_mode))
            remove_acls(fd_path(dir_fd) + "/" + name, S_ISDIR(info.st_mode));
        if (fchownat(dir_fd, name, uid_, gid_, AT_SYMLINK_NOFOLLOW) != 0)
            return failed(name, errno);
        return restrict_mode(dir_fd, name, info);
    }

    Result<void> apply_to_top(int fd) {
        remove_acls(fd_path(fd) + "/.", true);
        struct stat info {};
        if (fstat(fd, &info) != 0 || fchown(fd, uid_, gid_) != 0) return failed(".", errno);
        if (fchmod(fd, info.st_mode & kKeptBits) != 0) return failed(".", errno);
        ++changed_;
        return ok();
    }

    [[nodiscard]] std::uint64_t changed() const { return changed_; }

  private:
    static void remove_acls(const std::string& path, bool folder) {
        remove_acl(path.c_str(), "system.posix_acl_access");
        if (folder) remove_acl(path.c_str(), "system.posix_acl_default");
    }

    // Asked first: most files have none, and removing nothing would still write to the journal.
    static void remove_acl(const char* path, const char* name) {
        if (lgetxattr(path, name, nullptr, 0) >= 0) lremovexattr(path, name);
    }

    Result<void> restrict_mode(int dir_fd, const char* name, const struct stat& info) {
        ++changed_;
        if (S_ISLNK(info.st_mode) || (info.st_mode & 07777 & ~kKeptBits) == 0) return ok();
        // Not chmod by name: a link could stand there by now.
        if (fchmodat(dir_fd, name, info.st_mode & kKeptBits, AT_SYMLINK_NOFOLLOW) == 0) return ok();
        return failed(name, errno);
    }

    static Result<void> failed(const char* name, int sys_errno) {
        if (sys_errno == ENOENT) return ok();
        const std::string what = "The owner of \"" + std::string(name) + "\" cannot be changed.";
        if (sys_errno == ENOSPC || sys_errno == EDQUOT)
            return Error(Code::no_space, "file-no-space", what).sys(sys_errno);
        return Error(Code::io, "tree-owner", what).sys(sys_errno);
    }

    uid_t uid_;
    gid_t gid_;
    std::uint64_t changed_ = 0;
};

}  // namespace

Result<std::uint64_t> change_owner_tree(int fd, uid_t uid, gid_t gid, const TreeWatch& watch) {
    // The fd of a cloned mount is one that only names the folder.
    const UniqueFd top(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat info {};
    if (!top || fstat(top.get(), &info) != 0)
        return Error(Code::io, "tree-owner", "The home's folder cannot be looked at.").sys(errno);
    OwnerChange change(uid, gid);
    // The top folder is the mark that the rest is done.
    if (change.is_right(info)) return std::uint64_t{0};
    TreeWalk walk([&change](int dir_fd, const char* name,
                            const struct stat& found) { return change.apply(dir_fd, name, found); },
                  watch);
    HEARTH_CHECK(walk.run(top.get()));
    HEARTH_CHECK(change.apply_to_top(top.get()));
    return change.changed();
}

}  // namespace hearth::system
