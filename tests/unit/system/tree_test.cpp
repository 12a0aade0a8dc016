// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/tree.hpp"

#include <sys/resource.h>
#include <sys/xattr.h>

#include "support.hpp"

namespace hearth::system {
namespace {

constexpr uid_t kUser = 60100;
namespace fs = std::filesystem;

class Tree : public testing::Test {
  protected:
    void SetUp() override {
        HEARTH_NEEDS_ROOT();
        for (const char* name : {"a", "a/b", "a/b/c", "d"}) fs::create_directory(dir.at(name));
        for (const char* name : {"1", "a/2", "a/b/3", "a/b/c/4", "d/5"})
            write_text(dir.at(name), name);
        fs::create_symlink("/etc/hostname", dir.at("a/link"));
        fs::create_directory_symlink("..", dir.at("d/up"));
    }
    // How many things in the tree, the top folder included, do not belong to the user.
    std::size_t wrong() {
        std::size_t count = stat_of(dir.path()).st_uid == kUser ? 0 : 1;
        for (const auto& entry : fs::recursive_directory_iterator(dir.path())) {
            const auto info = stat_of(entry.path());
            if (info.st_uid != kUser || info.st_gid != kUser) ++count;
        }
        return count;
    }
    TempDir dir;
};

TEST_F(Tree, ChangesOwnersOfEverythingButWhatLinksPointTo) {
    const uid_t before = stat_of("/etc/hostname").st_uid;
    EXPECT_EQ(change_owner_tree(dir.fd(), kUser, kUser).value(), 12U);
    EXPECT_EQ(wrong(), 0U);
    EXPECT_EQ(stat_of("/etc/hostname").st_uid, before);
    EXPECT_NE(stat_of("/var/tmp").st_uid, kUser);
}

TEST_F(Tree, TakesDangerousModeBitsAndAclsAway) {
    chmod(dir.at("1").c_str(), 06755);
    chmod(dir.at("a").c_str(), 03770);
    // An ACL in the kernel's binary form: user::rwx, user:1000:rwx, group::---, mask::rwx,
    // other::---.
    const unsigned char acl[] = {2, 0,   0,   0,   1,   0,   7,  0, 255, 255, 255, 255, 2,   0,  7,
                                 0, 232, 3,   0,   0,   4,   0,  0, 0,   255, 255, 255, 255, 16, 0,
                                 7, 0,   255, 255, 255, 255, 32, 0, 0,   0,   255, 255, 255, 255};
    const bool acls =
        setxattr(dir.at("1").c_str(), "system.posix_acl_access", acl, sizeof acl, 0) == 0 &&
        setxattr(dir.at("a").c_str(), "system.posix_acl_default", acl, sizeof acl, 0) == 0;
    chmod(dir.at("1").c_str(), 06755);
    EXPECT_TRUE(acls) << "the file system knows no ACLs";
    ASSERT_TRUE(change_owner_tree(dir.fd(), kUser, kUser).has_value());
    EXPECT_EQ(stat_of(dir.at("1")).st_mode & 07777, 0755U);
    EXPECT_EQ(stat_of(dir.at("a")).st_mode & 07777, 0770U);
    EXPECT_EQ(getxattr(dir.at("1").c_str(), "system.posix_acl_access", nullptr, 0), -1);
    EXPECT_EQ(getxattr(dir.at("a").c_str(), "system.posix_acl_default", nullptr, 0), -1);
}

TEST_F(Tree, IsNotTouchedWhenItsTopFolderIsRight) {
    ASSERT_EQ(chown(dir.path().c_str(), kUser, kUser), 0);
    chmod(dir.path().c_str(), 0700);
    EXPECT_EQ(change_owner_tree(dir.fd(), kUser, kUser).value(), 0U);
    EXPECT_EQ(wrong(), 11U);
    chmod(dir.path().c_str(), 02700);
    EXPECT_EQ(change_owner_tree(dir.fd(), kUser, kUser).value(), 12U);
    EXPECT_EQ(stat_of(dir.path()).st_mode & 07777, 0700U);
}

TEST_F(Tree, CanBeInterruptedAndResumed) {
    for (int i = 0; i < 1000; ++i) write_text(dir.at("d/" + std::to_string(1000 + i)), "");
    std::uint64_t asked = 0;
    const auto first =
        change_owner_tree(dir.fd(), kUser, kUser, {{}, [&] { return ++asked == 2; }});
    ASSERT_FALSE(first.has_value());
    EXPECT_EQ(first.error().code(), Code::cancelled);
    const std::size_t left = wrong();
    EXPECT_GT(left, 0U);
    EXPECT_LT(left, 1012U);
    EXPECT_NE(stat_of(dir.path()).st_uid, kUser);
    EXPECT_EQ(change_owner_tree(dir.fd(), kUser, kUser).value(), left);
    EXPECT_EQ(wrong(), 0U);
    EXPECT_EQ(change_owner_tree(dir.fd(), kUser, kUser).value(), 0U);
}

TEST_F(Tree, TellsItsProgress) {
    std::uint64_t last = 0;
    ASSERT_TRUE(
        change_owner_tree(dir.fd(), kUser, kUser, {[&](std::uint64_t done) { last = done; }, {}})
            .has_value());
    EXPECT_EQ(last, 11U);
}

TEST_F(Tree, MayBeDeeperThanThereAreFds) {
    EXPECT_TRUE(in_child([&] {
        rlimit few{100, 100};
        ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
        UniqueFd here(dup(dir.fd()));
        for (int depth = 0; depth < 300; ++depth) {
            ASSERT_EQ(mkdirat(here.get(), "deeper", 0755), 0);
            here = UniqueFd(openat(here.get(), "deeper", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        }
        const auto changed = change_owner_tree(dir.fd(), kUser, kUser);
        ASSERT_TRUE(changed.has_value()) << changed.error().one_line();
        EXPECT_EQ(*changed, 312U);
        struct stat info {};
        ASSERT_EQ(fstat(here.get(), &info), 0);
        EXPECT_EQ(info.st_uid, kUser);
    }));
    // std::filesystem opens a folder for each level.
    EXPECT_EQ(std::system(("rm -rf " + dir.at("deeper")).c_str()), 0);
}

TEST_F(Tree, StopsAtOtherMounts) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        ASSERT_EQ(mount(dir.at("a").c_str(), dir.at("d").c_str(), nullptr, MS_BIND, nullptr), 0);
        ASSERT_EQ(mount("none", dir.at("a/b").c_str(), "tmpfs", 0, ""), 0);
        write_text(dir.at("a/b/other"), "x");
        ASSERT_TRUE(change_owner_tree(dir.fd(), kUser, kUser).has_value());
        EXPECT_EQ(stat_of(dir.at("a/2")).st_uid, kUser);
        EXPECT_EQ(stat_of(dir.at("a/b")).st_uid, 0U);
        EXPECT_EQ(stat_of(dir.at("a/b/other")).st_uid, 0U);
    }));
    EXPECT_NE(stat_of(dir.at("d/5")).st_uid, kUser);
}

TEST_F(Tree, LeavesNoFdBehind) {
    const std::size_t before = open_fds();
    ASSERT_TRUE(change_owner_tree(dir.fd(), kUser, kUser).has_value());
    EXPECT_EQ(open_fds(), before);
}

TEST_F(Tree, IsCopiedWithModesTimesLinksAndXattrs) {
    const TempDir copy;
    chmod(dir.at("a/2").c_str(), 04751);
    chmod(dir.at("d").c_str(), 0711);
    ASSERT_EQ(setxattr(dir.at("1").c_str(), "user.colour", "blue", 4, 0), 0);
    ASSERT_EQ(mkfifo(dir.at("pipe").c_str(), 0600), 0);
    const timespec times[2] = {{1000, 0}, {2000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, dir.at("d").c_str(), times, 0), 0);
    EXPECT_EQ(copy_tree(dir.fd(), copy.fd(), kUser, kUser).value(), 11U);
    for (const char* name : {"1", "a/2", "a/b/3", "a/b/c/4", "d/5"}) {
        std::ifstream file(copy.at(name));
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), name);
        EXPECT_EQ(stat_of(copy.at(name)).st_uid, kUser);
    }
    EXPECT_EQ(stat_of(copy.at("a/2")).st_mode & 07777, 0751U);
    EXPECT_EQ(stat_of(copy.at("d")).st_mode & 07777, 0711U);
    EXPECT_EQ(stat_of(copy.at("d")).st_mtime, 2000);
    EXPECT_EQ(fs::read_symlink(copy.at("a/link")), "/etc/hostname");
    EXPECT_EQ(stat_of(copy.at("a/link")).st_uid, kUser);
    char value[16];
    ASSERT_EQ(getxattr(copy.at("1").c_str(), "user.colour", value, sizeof value), 4);
    EXPECT_EQ(std::string(value, 4), "blue");
    EXPECT_FALSE(fs::exists(copy.at("pipe")));
    EXPECT_NE(stat_of(copy.path()).st_uid, kUser);
}

TEST_F(Tree, IsNotCopiedOverAnotherOne) {
    const TempDir copy;
    fs::create_symlink("/var/tmp/hearth-must-not-appear", copy.at("1"));
    const auto result = copy_tree(dir.fd(), copy.fd(), kUser, kUser);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().id(), "tree-copy");
    EXPECT_FALSE(fs::exists("/var/tmp/hearth-must-not-appear"));
}

TEST_F(Tree, CopyCanBeCancelled) {
    const TempDir copy;
    const auto result = copy_tree(dir.fd(), copy.fd(), kUser, kUser, {{}, [] { return true; }});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code(), Code::cancelled);
}

}  // namespace
}  // namespace hearth::system
