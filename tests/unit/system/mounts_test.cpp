// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/mounts.hpp"

#include "core/system/holders.hpp"
#include "core/system/scratch_mount.hpp"
#include "support.hpp"

namespace hearth::system {
namespace {

UniqueFd make_tmpfs() {
    UniqueFd context(fsopen("tmpfs", FSOPEN_CLOEXEC));
    EXPECT_EQ(fsconfig(context.get(), FSCONFIG_SET_STRING, "source", "hearth-test", 0), 0);
    EXPECT_EQ(fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0), 0);
    return UniqueFd(fsmount(context.get(), FSMOUNT_CLOEXEC, 0));
}

class Mounts : public testing::Test {
  protected:
    void SetUp() override {
        HEARTH_NEEDS_ROOT();
        std::filesystem::create_directory(dir.at("source"));
        std::filesystem::create_directory(dir.at("target"));
        write_text(dir.at("source/file"), "x");
    }
    UniqueFd clone_source() { return clone_tree(open_folder(dir.at("source")).get()).value(); }
    TempDir dir;
};

TEST_F(Mounts, AreAttachedAndTakenAway) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        UniqueFd tree = clone_source();
        EXPECT_FALSE(is_mount_point(dir.fd(), "target").value());
        ASSERT_TRUE(move_mount_to(tree.get(), dir.fd(), "target").has_value());
        EXPECT_TRUE(is_mount_point(dir.fd(), "target").value());
        EXPECT_EQ(access(dir.at("target/file").c_str(), F_OK), 0);
        EXPECT_EQ(unmount_at(dir.fd(), "target").error().id(), "home-busy");
        tree.reset();  // the fd of the clone keeps the mount busy, too
        ASSERT_TRUE(unmount_at(dir.fd(), "target").has_value());
        EXPECT_FALSE(is_mount_point(dir.fd(), "target").value());
        EXPECT_EQ(unmount_at(dir.fd(), "target").error().id(), "mount-absent");
        EXPECT_EQ(unmount_at(dir.fd(), "missing").error().code(), Code::home_not_active);
    }));
}

TEST_F(Mounts, CanBeAttachedOverTheFolderItself) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        const UniqueFd tree = clone_source();
        const UniqueFd target = open_folder(dir.at("target"));
        ASSERT_TRUE(move_mount_to(tree.get(), target.get(), "").has_value());
        EXPECT_TRUE(is_mount_point(dir.fd(), "target").value());
        const UniqueFd inside = open_folder(dir.at("target"));
        ASSERT_TRUE(unmount_at(inside.get(), "", Unmount::lazy).has_value());
        EXPECT_FALSE(is_mount_point(dir.fd(), "target").value());
    }));
}

TEST_F(Mounts, CarryTheirFlagsAndTellAboutThemselves) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        const UniqueFd tree = clone_source();
        ASSERT_TRUE(set_mount_flags(tree.get(), {true, false, true}).has_value());
        ASSERT_TRUE(move_mount_to(tree.get(), dir.fd(), "target").has_value());
        const std::uint64_t id = mount_id_at(dir.fd(), "target").value();
        EXPECT_EQ(mount_id(tree.get()).value(), id);
        const auto info = find_mount(id).value();
        ASSERT_TRUE(info.has_value());
        EXPECT_EQ(info->mount_point, dir.at("target"));
        EXPECT_NE(info->options.find("nosuid"), std::string::npos);
        EXPECT_NE(info->options.find("noexec"), std::string::npos);
        EXPECT_EQ(info->options.find("nodev"), std::string::npos);
        EXPECT_FALSE(info->fs_type.empty());
        EXPECT_NE(mount_id(dir.fd()).value(), id);
    }));
}

TEST_F(Mounts, AreNotFoundWhenDetached) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        const UniqueFd tree = clone_source();
        EXPECT_FALSE(find_mount(mount_id(tree.get()).value()).value().has_value());
    }));
}

TEST_F(Mounts, WithSpacesInTheirPathAreFound) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        const std::string odd = "a b\\c\nd";
        std::filesystem::create_directory(dir.at(odd));
        ASSERT_TRUE(move_mount_to(make_tmpfs().get(), dir.fd(), odd).has_value());
        const auto info = find_mount(mount_id_at(dir.fd(), odd).value()).value();
        ASSERT_TRUE(info.has_value());
        EXPECT_EQ(info->mount_point, dir.at(odd));
        EXPECT_EQ(info->fs_type, "tmpfs");
        EXPECT_EQ(info->source, "hearth-test");
    }));
}

TEST_F(Mounts, InUseStayAndNameTheirHolders) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        ASSERT_TRUE(move_mount_to(clone_source().get(), dir.fd(), "target").has_value());
        const std::uint64_t id = mount_id_at(dir.fd(), "target").value();
        const UniqueFd file(open(dir.at("target/file").c_str(), O_RDONLY | O_CLOEXEC));
        const auto result = unmount_at(dir.fd(), "target");
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().id(), "home-busy");
        const auto holders = find_mount_holders(id);
        ASSERT_EQ(holders.size(), 1U);
        EXPECT_EQ(holders[0].pid, getpid());
        EXPECT_EQ(holders[0].what, "open file " + dir.at("target/file"));
        const Error error = busy_error("The home of ann", holders);
        EXPECT_EQ(error.id(), "home-busy");
        EXPECT_NE(error.why().find(holders[0].comm + " (" + std::to_string(getpid())),
                  std::string::npos);
        ASSERT_TRUE(unmount_at(dir.fd(), "target", Unmount::lazy).has_value());
    }));
}

TEST_F(Mounts, AreHeldByFoldersMapsAndDevices) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        ASSERT_TRUE(move_mount_to(make_tmpfs().get(), dir.fd(), "target").has_value());
        const std::uint64_t id = mount_id_at(dir.fd(), "target").value();
        EXPECT_TRUE(find_mount_holders(id).empty());
        ASSERT_EQ(chdir(dir.at("target").c_str()), 0);
        ASSERT_EQ(find_mount_holders(id).size(), 1U);
        EXPECT_EQ(find_mount_holders(id)[0].what, "current folder " + dir.at("target"));
        EXPECT_EQ(find_device_holders(stat_of(dir.at("target")).st_dev).size(), 1U);
        EXPECT_TRUE(find_mount_holders(id, 0).empty());
        ASSERT_EQ(chdir("/"), 0);
    }));
}

TEST_F(Mounts, DoNotFollowALinkWhenUnmounting) {
    EXPECT_TRUE(in_private_mounts(dir, [&] {
        ASSERT_TRUE(move_mount_to(clone_source().get(), dir.fd(), "target").has_value());
        std::filesystem::create_directory_symlink("target", dir.at("link"));
        EXPECT_FALSE(unmount_at(dir.fd(), "link").has_value());
        EXPECT_FALSE(is_mount_point(dir.fd(), "link").value());
        EXPECT_TRUE(is_mount_point(dir.fd(), "target").value());
    }));
}

TEST(Subfolder, OfADetachedMountIsClonedBothWays) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    for (auto* way : {&clone_subfolder, &clone_subfolder_in_scratch})
        EXPECT_TRUE(in_private_mounts(dir, [&] {
            const UniqueFd whole = make_tmpfs();
            ASSERT_EQ(mkdirat(whole.get(), "ann", 0700), 0);
            ASSERT_EQ(mkdirat(whole.get(), "ann/inside", 0700), 0);
            const std::size_t fds = open_fds();
            const auto part = way(whole.get(), "ann");
            ASSERT_TRUE(part.has_value()) << part.error().one_line();
            EXPECT_EQ(open_fds(), fds + 1);
            EXPECT_EQ(fcntl(part->get(), F_GETFD), FD_CLOEXEC);
            EXPECT_EQ(faccessat(part->get(), "inside", F_OK, 0), 0);
            ASSERT_TRUE(move_mount_to(part->get(), dir.fd(), "").has_value());
            EXPECT_EQ(access(dir.at("inside").c_str(), F_OK), 0);
            EXPECT_EQ(faccessat(whole.get(), "ann/inside", F_OK, 0), 0);
        }));
}

TEST(Subfolder, OutsideTheMountIsRefused) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    EXPECT_TRUE(in_private_mounts(dir, [] {
        const UniqueFd whole = make_tmpfs();
        ASSERT_EQ(symlinkat("/etc", whole.get(), "link"), 0);
        for (const char* name : {"..", "/etc", "link", "missing"}) {
            EXPECT_EQ(clone_subfolder(whole.get(), name).error().id(), "mount-scratch") << name;
            const UniqueFd other = make_tmpfs();
            EXPECT_EQ(clone_subfolder_in_scratch(other.get(), name).error().id(), "mount-scratch")
                << name;
        }
    }));
}

TEST(Subfolder, LeavesTheCallersMountsAlone) {
    HEARTH_NEEDS_ROOT();
    TempDir dir;
    EXPECT_TRUE(in_private_mounts(dir, [] {
        // Shared, as on a real machine: this is where a mount could leak out.
        ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_SHARED, nullptr), 0);
        const auto lines = [] {
            std::ifstream table("/proc/self/mountinfo");
            return std::string(std::istreambuf_iterator<char>(table), {});
        };
        const std::string before = lines();
        const UniqueFd whole = make_tmpfs();
        ASSERT_EQ(mkdirat(whole.get(), "ann", 0700), 0);
        ASSERT_TRUE(clone_subfolder_in_scratch(whole.get(), "ann").has_value());
        EXPECT_EQ(lines(), before);
    }));
}

}  // namespace
}  // namespace hearth::system
