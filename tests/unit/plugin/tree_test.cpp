// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <hearth/sdk/tree.hpp>

#include <filesystem>
#include <fstream>

namespace hearth::sdk {
namespace {

namespace fs = std::filesystem;

class Tree : public testing::Test {
  protected:
    Tree() {
        std::string name = (fs::temp_directory_path() / "hearth-tree.XXXXXX").string();
        top = ::mkdtemp(name.data());
        parent.reset(::open(name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        fs::create_directories(top / "home");
    }
    ~Tree() override { fs::remove_all(top); }
    void touch(const fs::path& path) { std::ofstream(top / path) << "x"; }

    fs::path top;
    UniqueFd parent;
};

TEST_F(Tree, RemovesFilesFoldersAndLinks) {
    fs::create_directories(top / "home/a/b/c");
    for (const auto* file : {"home/1", "home/a/2", "home/a/b/c/3", "home/.hidden"}) touch(file);
    fs::create_symlink("nowhere", top / "home/dangling");
    ASSERT_EQ(::mkfifo((top / "home/pipe").c_str(), 0600), 0);
    ASSERT_TRUE(remove_tree(parent.get(), "home"));
    EXPECT_FALSE(fs::exists(fs::symlink_status(top / "home")));
}

TEST_F(Tree, FollowsNoLinks) {
    fs::create_directories(top / "precious");
    touch("precious/file");
    fs::create_directory_symlink(top / "precious", top / "home/link");
    ASSERT_TRUE(remove_tree(parent.get(), "home"));
    EXPECT_TRUE(fs::exists(top / "precious/file"));
    fs::create_directory_symlink("precious", top / "home");
    ASSERT_TRUE(remove_tree(parent.get(), "home"));
    EXPECT_TRUE(fs::exists(top / "precious/file"));
}

TEST_F(Tree, TakesMissingOnesForRemoved) {
    EXPECT_TRUE(remove_tree(parent.get(), "none"));
    EXPECT_FALSE(remove_tree(-1, "none/x"));
}

TEST_F(Tree, RemovesASingleFile) {
    touch("file");
    ASSERT_TRUE(remove_tree(parent.get(), "file"));
    EXPECT_FALSE(fs::exists(top / "file"));
}

TEST_F(Tree, EmptiesAFolderAndLeavesIt) {
    touch("home/file");
    fs::create_directories(top / "home/sub");
    const UniqueFd home(::openat(parent.get(), "home", O_PATH | O_CLOEXEC));
    ASSERT_TRUE(empty_tree(home.get()));
    EXPECT_TRUE(fs::is_empty(top / "home"));
}

TEST_F(Tree, IsNotStoppedByDepth) {
    // Deeper than paths may be long and than files may be open.
    UniqueFd here(::openat(parent.get(), "home", O_RDONLY | O_CLOEXEC));
    for (int i = 0; i < 1200; ++i) {
        ASSERT_EQ(::mkdirat(here.get(), "deep-deep", 0700), 0) << i;
        here.reset(::openat(here.get(), "deep-deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        ASSERT_TRUE(here) << i;
    }
    ASSERT_TRUE(remove_tree(parent.get(), "home"));
    EXPECT_FALSE(fs::exists(top / "home"));
}

TEST_F(Tree, IsNotStoppedByWidth) {
    for (int i = 0; i < 2500; ++i) fs::create_directory(top / "home" / std::to_string(i));
    touch("home/2400/file");
    ASSERT_TRUE(remove_tree(parent.get(), "home"));
    EXPECT_FALSE(fs::exists(top / "home"));
}

TEST_F(Tree, ReportsProgressAndCanBeCancelled) {
    for (int i = 0; i < 1000; ++i) touch("home/" + std::to_string(i));
    std::uint64_t seen = 0;
    const TreeWatch watch{.progress = [&](std::uint64_t removed) { seen = removed; },
                          .cancelled = [&] { return seen >= 512; }};
    const auto removed = remove_tree(parent.get(), "home", watch);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code(), HEARTH_E_CANCELLED);
    EXPECT_EQ(seen, 512U);
    EXPECT_FALSE(fs::is_empty(top / "home"));
    EXPECT_TRUE(remove_tree(parent.get(), "home")) << "called again, it goes on";
}

/// What happens to a folder with a mount in it; in a mount namespace, and so a process, of its own.
/// 0: as it should be, 1: not so, 77: this process may not mount.
int remove_with_mount_inside(int parent, const fs::path& top) {
    const auto inner = (top / "home/inner").string();
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", inner.c_str(), "tmpfs", 0, nullptr) != 0)
        return 77;
    std::ofstream(inner + "/file") << "x";
    const auto removed = remove_tree(parent, "home");
    const bool kept = fs::exists(inner + "/file");
    return !removed && removed.error().code() == HEARTH_E_HOME_BUSY && kept ? 0 : 1;
}

TEST_F(Tree, StaysInItsMount) {
    fs::create_directories(top / "home/inner");
    const pid_t child = ::fork();
    if (child == 0) ::_exit(remove_with_mount_inside(parent.get(), top));
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "this process may not mount";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hearth::sdk
