// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/close_on_exec.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

namespace hearth::shared {

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
};

bool is_same(const struct stat& left, const struct stat& right) {
    if (S_ISBLK(left.st_mode) || S_ISCHR(left.st_mode))
        return (left.st_mode & S_IFMT) == (right.st_mode & S_IFMT) && left.st_rdev == right.st_rdev;
    return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

}  // namespace

void close_on_exec(const std::string& path) {
    struct stat wanted {};
    const std::unique_ptr<DIR, CloseFolder> open(opendir("/proc/self/fd"));
    if (!open || stat(path.c_str(), &wanted) != 0) return;
    while (const dirent* entry = readdir(open.get())) {
        char* end = nullptr;
        const auto fd = static_cast<int>(std::strtol(entry->d_name, &end, 10));
        struct stat found {};
        if (*end == '\0' && fstat(fd, &found) == 0 && is_same(wanted, found))
            fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

}  // namespace hearth::shared
