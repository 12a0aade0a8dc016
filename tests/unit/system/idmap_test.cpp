// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/idmap.hpp"

#include <sched.h>

#include <set>
#include <sstream>

#include "core/system/mounts.hpp"
#include "support.hpp"

namespace hearth::system {
namespace {

constexpr uid_t kUser = 60100;
constexpr uid_t kNobody = 65534;

TEST(Idmap, HasTheLinesOfHomed) {
    EXPECT_EQ(home_map_lines(kNobody, kUser),
              "0 0 60001\n"
              "65534 60100 1\n"
              "60513 60513 5021\n"
              "524288 524288 1878523904\n"
              "2147352576 2147352576 65536\n"
              "2147483646 2147483646 1\n");
}

TEST(Idmap, CutsTheStoredOwnerOutOfTheOthers) {
    EXPECT_TRUE(
        home_map_lines(1000, kUser).starts_with("0 0 1000\n1001 1001 59000\n1000 60100 1\n60513"));
    EXPECT_TRUE(home_map_lines(0, kUser).starts_with("1 1 60000\n0 60100 1\n60513"));
    EXPECT_TRUE(home_map_lines(60000, kUser).starts_with("0 0 60000\n60000 60100 1\n60513"));
}

TEST(Idmap, CutsTheExposedOwnerOutToo) {
    EXPECT_TRUE(home_map_lines(kNobody, 60513)
                    .starts_with("0 0 60001\n65534 60513 1\n60514 60514 5020\n524288"));
    EXPECT_TRUE(
        home_map_lines(kUser, 1000).starts_with("0 0 1000\n1001 1001 59000\n60100 1000 1\n"));
    EXPECT_TRUE(home_map_lines(1000, 1000).starts_with("0 0 1000\n1001 1001 59000\n1000 1000 1\n"));
}

// The lines of a map in order: the kernel sorts them too once there are more than five.
std::set<std::string> lines_of(std::istream& map) {
    std::set<std::string> lines;
    for (std::uint64_t stored = 0, seen = 0, count = 0; map >> stored >> seen >> count;)
        lines.insert(std::to_string(stored) + " " + std::to_string(seen) + " " +
                     std::to_string(count));
    return lines;
}

// What the kernel holds can only be read in /proc of a process inside.
void expect_kernel_map(int userns, const char* file, const std::string& expected) {
    int ready[2];
    ASSERT_EQ(pipe2(ready, O_CLOEXEC), 0);
    const pid_t inside = fork();
    if (inside == 0) {
        const char entered = setns(userns, CLONE_NEWUSER) == 0 ? 'y' : 'n';
        if (write(ready[1], &entered, 1) == 1) pause();
        _exit(0);
    }
    char entered = 0;
    EXPECT_EQ(read(ready[0], &entered, 1), 1);
    EXPECT_EQ(entered, 'y');
    std::ifstream map("/proc/" + std::to_string(inside) + "/" + file);
    std::istringstream wanted(expected);
    EXPECT_EQ(lines_of(map), lines_of(wanted));
    kill(inside, SIGKILL);
    waitpid(inside, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
}

TEST(Idmap, IsWhatTheKernelHolds) {
    HEARTH_NEEDS_ROOT();
    for (const uid_t stored : {kNobody, kUser, uid_t{1000}}) {
        const auto userns = make_home_idmap(stored, kUser);
        ASSERT_TRUE(userns.has_value()) << userns.error().one_line();
        expect_kernel_map(userns->get(), "uid_map", home_map_lines(stored, kUser));
        expect_kernel_map(userns->get(), "gid_map", home_map_lines(stored, kUser));
    }
}

TEST(Idmap, LeavesNoChildBehind) {
    HEARTH_NEEDS_ROOT();
    ASSERT_TRUE(make_home_idmap(kNobody, kUser).has_value());
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

// Seen through a mapping, a file of the stored owner belongs to the user, and the other way round.
void expect_mapping_works(const std::string& folder) {
    write_text(folder + "/theirs", "x");
    write_text(folder + "/roots", "x");
    write_text(folder + "/strangers", "x");
    ASSERT_EQ(chown((folder + "/theirs").c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(chown((folder + "/strangers").c_str(), 60300, 60300), 0);
    const UniqueFd source = open_folder(folder);
    const UniqueFd tree = clone_tree(source.get()).value();
    const UniqueFd userns = make_home_idmap(kNobody, kUser).value();
    ASSERT_TRUE(set_mount_flags(tree.get(), {}).has_value());
    ASSERT_EQ(set_idmap(tree.get(), userns.get()).value(), Idmap::mapped);
    struct stat info {};
    ASSERT_EQ(fstatat(tree.get(), "theirs", &info, 0), 0);
    EXPECT_EQ(info.st_uid, kUser);
    EXPECT_EQ(info.st_gid, kUser);
    ASSERT_EQ(fstatat(tree.get(), "roots", &info, 0), 0);
    EXPECT_EQ(info.st_uid, 0U);
    ASSERT_EQ(fstatat(tree.get(), "strangers", &info, 0), 0);
    EXPECT_EQ(info.st_uid, 65534U);
    ASSERT_EQ(fchownat(tree.get(), "roots", kUser, kUser, 0), 0);
    EXPECT_EQ(stat_of(folder + "/roots").st_uid, kNobody);
    EXPECT_NE(fchownat(tree.get(), "roots", 60300, 60300, 0), 0);
    EXPECT_EQ(errno, EOVERFLOW);
}

TEST(IdmappedMount, ShiftsOwnersOnExt4OrWhateverVarTmpIs) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    EXPECT_TRUE(in_private_mounts(dir, [&] { expect_mapping_works(dir.path()); }));
}

TEST(IdmappedMount, ShiftsOwnersOnTmpfs) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        ASSERT_EQ(mount("hearth-test", dir.path().c_str(), "tmpfs", 0, ""), 0);
        expect_mapping_works(dir.path());
    }));
}

TEST(IdmappedMount, CannotBeMappedTwice) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        const UniqueFd tree = clone_tree(dir.fd()).value();
        const UniqueFd userns = make_home_idmap(kNobody, kUser).value();
        EXPECT_EQ(set_idmap(tree.get(), userns.get()).value(), Idmap::mapped);
        const auto again = set_idmap(tree.get(), userns.get());
        EXPECT_FALSE(again.has_value() && *again == Idmap::mapped);
    }));
}

TEST(IdmappedMount, IsUnsupportedWhereTheFileSystemSaysSo) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        const UniqueFd proc = open_folder("/proc");
        const UniqueFd tree = clone_tree(proc.get()).value();
        const UniqueFd userns = make_home_idmap(kNobody, kUser).value();
        const auto mapped = set_idmap(tree.get(), userns.get());
        ASSERT_TRUE(mapped.has_value()) << mapped.error().one_line();
        EXPECT_EQ(*mapped, Idmap::unsupported);
    }));
}

}  // namespace
}  // namespace hearth::system
