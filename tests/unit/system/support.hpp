// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// A folder of its own for one test, removed afterwards.
class TempDir {
  public:
    TempDir() {
        char pattern[] = "/var/tmp/hearth-test-XXXXXX";
        path_ = mkdtemp(pattern);
        fd_ = UniqueFd(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    /// The fd lies in the mounts of the namespace that it was opened in: a child in a new one opens
    /// it again.
    void reopen() { fd_ = UniqueFd(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
    UniqueFd fd_;
};

inline void write_text(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

inline struct stat stat_of(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
    return info;
}

/// Runs `body` in a forked child; true if nothing failed there.
template <typename F>
bool in_child(F body) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        body();
        std::fflush(nullptr);
        _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Runs `body` in a child with a mount namespace of its own, in which `dir` is opened again.
template <typename F>
bool in_private_mounts(TempDir& dir, F body) {
    return in_child([&] {
        ASSERT_EQ(unshare(CLONE_NEWNS), 0);
        ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
        dir.reopen();
        body();
    });
}

inline UniqueFd open_folder(const std::string& path) {
    UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(static_cast<bool>(fd)) << path;
    return fd;
}

inline std::size_t open_fds() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

}  // namespace hearth::system

#define HEARTH_NEEDS_ROOT() \
    if (geteuid() != 0) GTEST_SKIP() << "this test needs root"
