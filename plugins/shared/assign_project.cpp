// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/shared/file_quota.hpp"

namespace hearth::shared {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// A pipe that somebody puts in the place of a file must not make this wait.
constexpr int kFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

sdk::Result<void> assign_one(int fd, bool folder, std::uint32_t project) {
    fsxattr attributes{};
    if (ioctl(fd, FS_IOC_FSGETXATTR, &attributes) != 0)
        return sdk::sys_error(errno, "the project of a file cannot be read");
    const unsigned inherit = folder ? FS_XFLAG_PROJINHERIT : 0;
    if (attributes.fsx_projid == project && (attributes.fsx_xflags & inherit) == inherit)
        return sdk::ok();
    attributes.fsx_projid = project;
    attributes.fsx_xflags |= inherit;
    if (ioctl(fd, FS_IOC_FSSETXATTR, &attributes) == 0) return sdk::ok();
    if (errno == EOPNOTSUPP || errno == EINVAL)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED, "the file system knows no projects", errno);
    return sdk::sys_error(errno, "a file cannot be put into the project of the home");
}

/// Walks a tree of any depth with two open folders: the way back up is "..", checked against what
/// was seen on the way down, because an active home changes meanwhile.
class ProjectWalk {
  public:
    ProjectWalk(sdk::Op op, std::uint32_t project) : op_(op), project_(project) {}

    sdk::Result<void> run(int top) {
        sdk::UniqueFd here(openat(top, ".", kFolder));
        if (!here) return sdk::sys_error(errno, "the home cannot be opened");
        HEARTH_SDK_TRY(entered, enter(here.get()));
        static_cast<void>(entered);
        while (!(levels_.size() == 1 && levels_.back().folders.empty())) {
            if (levels_.back().folders.empty())
                HEARTH_SDK_CHECK(ascend(here));
            else
                HEARTH_SDK_CHECK(descend(here));
        }
        return sdk::ok();
    }

  private:
    struct Level {
        std::uint64_t mount, inode;
        std::vector<std::string> folders;  // still to be walked
    };

    /// False: it is another mount, and no part of the home.
    sdk::Result<bool> enter(int here) {
        HEARTH_SDK_TRY(level, identify(here));
        if (!levels_.empty() && level.mount != levels_.front().mount) return false;
        HEARTH_SDK_CHECK(assign_one(here, true, project_));
        levels_.push_back(std::move(level));
        HEARTH_SDK_CHECK(sweep(here));
        return true;
    }

    static sdk::Result<Level> identify(int fd) {
        struct statx info {};
        if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &info) != 0)
            return sdk::sys_error(errno, "a folder cannot be looked at");
        return Level{info.stx_mnt_id, info.stx_ino, {}};
    }

    sdk::Result<void> sweep(int here) {
        sdk::UniqueFd own(openat(here, ".", kFolder));
        if (!own) return sdk::sys_error(errno, "a folder cannot be opened");
        const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(own.get()), &closedir);
        if (!stream) return sdk::sys_error(errno, "a folder cannot be read");
        own.release();
        errno = 0;
        while (const dirent* entry = readdir(stream.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") HEARTH_SDK_CHECK(take(here, entry->d_name));
            errno = 0;
        }
        return errno == 0 ? sdk::ok()
                          : sdk::Result<void>(sdk::sys_error(errno, "a folder cannot be read"));
    }

    sdk::Result<void> take(int here, const char* name) {
        if (++seen_ % 256 == 0) {
            op_.progress(seen_, 0, "counting the files");
            if (op_.cancelled())
                return sdk::Error(HEARTH_E_CANCELLED, "the counting was cancelled");
        }
        struct stat info {};
        if (fstatat(here, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return sdk::ok();
        if (S_ISDIR(info.st_mode)) levels_.back().folders.emplace_back(name);
        // Links, pipes and devices take no room worth counting, and cannot be opened.
        if (!S_ISREG(info.st_mode)) return sdk::ok();
        const sdk::UniqueFd file(openat(here, name, kFile));
        if (!file) return sdk::ok();  // it went away, or became something else
        return assign_one(file.get(), false, project_);
    }

    sdk::Result<void> descend(sdk::UniqueFd& here) {
        const std::string name = std::move(levels_.back().folders.back());
        levels_.back().folders.pop_back();
        sdk::UniqueFd next(openat(here.get(), name.c_str(), kFolder));
        if (!next) return sdk::ok();
        HEARTH_SDK_TRY(entered, enter(next.get()));
        if (entered) here = std::move(next);
        return sdk::ok();
    }

    sdk::Result<void> ascend(sdk::UniqueFd& here) {
        sdk::UniqueFd up(openat(here.get(), "..", kFolder));
        if (!up) return sdk::sys_error(errno, "a folder cannot be opened");
        levels_.pop_back();
        HEARTH_SDK_TRY(found, identify(up.get()));
        if (found.inode != levels_.back().inode || found.mount != levels_.back().mount)
            return sdk::Error(HEARTH_E_HOME_BUSY, "somebody moves folders in the home meanwhile");
        here = std::move(up);
        return sdk::ok();
    }

    sdk::Op op_;
    std::uint32_t project_;
    std::uint64_t seen_ = 0;
    std::vector<Level> levels_;
};

}  // namespace

sdk::Result<void> assign_project(sdk::Op op, int folder, std::uint32_t project) {
    return ProjectWalk(op, project).run(folder);
}

}  // namespace hearth::shared
