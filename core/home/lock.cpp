// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hearth::home {

namespace {

std::string lock_path(const Root& root, const std::string& user) {
    return root.run_dir() + "/" + user + ".lock";
}

Result<void> make_run_dir(const Root& root) {
    for (const std::string& dir : {root.path("/run"), root.run_dir()}) {
        if (::mkdir(dir.c_str(), 0755) != 0 && errno != EEXIST) {
            return Error(Code::io, "run-folder", "Cannot make the folder " + dir + ".").sys(errno);
        }
    }
    return ok();
}

/// A holder removes the file before it lets go: what we locked may be a file that nobody else will
/// ever open.
bool still_in_place(int fd, const std::string& path) {
    struct stat ours {};
    struct stat there {};
    return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &there) == 0 &&
           ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

Error busy(int fd, const std::string& user) {
    std::array<char, 128> text{};
    const ssize_t n = ::pread(fd, text.data(), text.size() - 1, 0);
    const std::string holder = n > 0 ? std::string(text.data(), static_cast<std::size_t>(n)) : "";
    return Error(Code::home_busy, "home-busy",
                 "Another operation on the home of " + user + " is running.")
        .why(holder.empty() ? "It has just begun." : "It is: " + holder + ".")
        .hint("Wait until it has ended, then try again.");
}

/// As everybody else sees it: workers count from one on.
std::string own_number() {
    std::array<char, 32> text{};
    const ssize_t n = ::readlink("/proc/self", text.data(), text.size());
    return n > 0 ? std::string(text.data(), static_cast<std::size_t>(n)) : "?";
}

void describe_holder(int fd, std::string_view verb) {
    const std::string text = std::string(verb) + " (process " + own_number() + ")";
    // Only for messages: a lock without a description is as good.
    [[maybe_unused]] const bool told =
        ::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) > 0;
}

}  // namespace

Result<Lock> Lock::take(const Root& root, const std::string& user, std::string_view verb) {
    HEARTH_CHECK(make_run_dir(root));
    const std::string path = lock_path(root, user);
    for (;;) {
        UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file)
            return Error(Code::io, "run-folder", "Cannot make the file " + path + ".").sys(errno);
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return busy(file.get(), user);
        if (!still_in_place(file.get(), path)) continue;
        describe_holder(file.get(), verb);
        return Lock(std::move(file), path);
    }
}

Lock::~Lock() {
    if (file_) ::unlink(path_.c_str());
}

bool is_locked(const Root& root, const std::string& user) {
    const UniqueFd file(::open(lock_path(root, user).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return file && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace hearth::home
