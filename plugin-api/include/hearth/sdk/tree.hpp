// SPDX-License-Identifier: MIT
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <hearth/sdk/result.hpp>
#include <hearth/sdk/unique_fd.hpp>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::sdk {

/// What the caller of a long removal wants to hear and say. Both may be empty.
struct TreeWatch {
    /// Every 256 files: how many are gone.
    std::function<void(std::uint64_t removed)> progress = {};
    /// Asked as often; true ends the removal with HEARTH_E_CANCELLED.
    std::function<bool()> cancelled = {};
};

namespace detail {

/// Removes trees of any depth with two open folders: the way back up is "..", and is checked
/// against what was seen on the way down, so that somebody who moves folders meanwhile leads nobody
/// astray.
class TreeRemoval {
  public:
    explicit TreeRemoval(const TreeWatch& watch) : watch_(watch) {}

    /// Empties the open folder; the folder itself stays.
    Result<void> empty(int top) {
        UniqueFd here(::openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!here) return sys_error(errno, "a folder cannot be opened");
        HEARTH_SDK_TRY(id, identify(here.get()));
        mount_ = id.mount;
        levels_.push_back({"", id, {}});
        for (;;) {
            if (levels_.back().folders.empty()) HEARTH_SDK_CHECK(sweep(here.get()));
            if (!levels_.back().folders.empty()) {
                HEARTH_SDK_CHECK(descend(here));
            } else {
                if (levels_.size() == 1) return ok();
                HEARTH_SDK_CHECK(ascend(here));
            }
        }
    }

  private:
    struct Id {
        std::uint64_t device, inode, mount;
    };
    struct Level {
        std::string name;
        Id id;
        std::vector<std::string> folders;  // still to be removed
    };
    static constexpr std::size_t kFoldersAtOnce = 1024;

    static Result<Id> identify(int fd) {
        struct statx s {};
        if (::statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &s) != 0)
            return sys_error(errno, "a folder cannot be examined");
        const std::uint64_t device = (std::uint64_t{s.stx_dev_major} << 32) | s.stx_dev_minor;
        // The mount tells file systems apart even when a subvolume has a device number of its own.
        const bool has_mount = (s.stx_mask & STATX_MNT_ID) != 0;
        return Id{device, s.stx_ino, has_mount ? s.stx_mnt_id : device};
    }

    /// Removes all files of the folder and notes its folders; at most kFoldersAtOnce, then it is
    /// called again.
    Result<void> sweep(int here) {
        UniqueFd own(::openat(here, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!own) return sys_error(errno, "a folder cannot be opened");
        const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(own.get()), &::closedir);
        if (!stream) return sys_error(errno, "a folder cannot be read");
        own.release();
        auto& folders = levels_.back().folders;
        errno = 0;
        while (const dirent* entry = ::readdir(stream.get())) {
            const std::string_view name = entry->d_name;
            if (name == "." || name == "..") continue;
            if (::unlinkat(here, entry->d_name, 0) == 0) {
                HEARTH_SDK_CHECK(count());
            } else if (errno == EISDIR || (errno == EPERM && is_folder(here, entry->d_name))) {
                folders.emplace_back(name);
                if (folders.size() == kFoldersAtOnce) return ok();
            } else if (errno != ENOENT) {
                return sys_error(errno, "a file cannot be removed");
            }
            errno = 0;
        }
        return errno == 0 ? ok() : Result<void>(sys_error(errno, "a folder cannot be read"));
    }

    static bool is_folder(int here, const char* name) {
        struct stat s {};
        const bool found = ::fstatat(here, name, &s, AT_SYMLINK_NOFOLLOW) == 0;
        errno = EPERM;
        return found && S_ISDIR(s.st_mode);
    }

    Result<void> descend(UniqueFd& here) {
        std::string name = std::move(levels_.back().folders.back());
        levels_.back().folders.pop_back();
        UniqueFd next(
            ::openat(here.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!next)
            return errno == ENOENT ? ok()
                                   : Result<void>(sys_error(errno, "a folder cannot be opened"));
        HEARTH_SDK_TRY(id, identify(next.get()));
        if (id.mount != mount_)
            return Error(HEARTH_E_HOME_BUSY, "another file system is mounted in the folder");
        levels_.push_back({std::move(name), id, {}});
        here = std::move(next);
        return ok();
    }

    Result<void> ascend(UniqueFd& here) {
        UniqueFd up(::openat(here.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!up) return sys_error(errno, "a folder cannot be opened");
        const std::string name = std::move(levels_.back().name);
        levels_.pop_back();
        HEARTH_SDK_TRY(id, identify(up.get()));
        const auto& expected = levels_.back().id;
        if (id.inode != expected.inode || id.device != expected.device)
            return Error(HEARTH_E_HOME_BUSY, "somebody moves folders in it meanwhile");
        here = std::move(up);
        if (::unlinkat(here.get(), name.c_str(), AT_REMOVEDIR) == 0) return count();
        // Not empty: something was added after the last look, so that the folder is looked at
        // again.
        if (errno == ENOTEMPTY || errno == EEXIST) return again(name);
        return errno == ENOENT ? ok()
                               : Result<void>(sys_error(errno, "a folder cannot be removed"));
    }

    Result<void> again(const std::string& name) {
        if (++repeats_ > 1000)
            return Error(HEARTH_E_HOME_BUSY, "somebody adds files faster than they can be removed");
        levels_.back().folders.push_back(name);
        return ok();
    }

    Result<void> count() {
        if (++removed_ % 256 != 0) return ok();
        if (watch_.progress) watch_.progress(removed_);
        if (watch_.cancelled && watch_.cancelled())
            return Error(HEARTH_E_CANCELLED, "the removal was cancelled");
        return ok();
    }

    const TreeWatch& watch_;
    std::uint64_t mount_ = 0;
    std::uint64_t removed_ = 0;
    int repeats_ = 0;
    std::vector<Level> levels_;
};

}  // namespace detail

/// Removes everything in the folder `fd`, which may be O_PATH, and leaves the folder. Follows no
/// symbolic link and enters no other mount: finding one is HEARTH_E_HOME_BUSY. Interrupted, it is
/// simply called again.
inline Result<void> empty_tree(int fd, const TreeWatch& watch = {}) {
    return detail::TreeRemoval(watch).empty(fd);
}

/// Removes the folder (or file) `name` of `parent` and everything in it. A missing one is no error.
inline Result<void> remove_tree(int parent, const char* name, const TreeWatch& watch = {}) {
    if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return ok();
    UniqueFd folder(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return sys_error(errno, std::string("the folder ") + name + " cannot be opened");
    HEARTH_SDK_CHECK(empty_tree(folder.get(), watch));
    folder.reset();
    if (::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return ok();
    return sys_error(errno, std::string("the folder ") + name + " cannot be removed");
}

}  // namespace hearth::sdk
