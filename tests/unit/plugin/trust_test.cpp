// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/trust.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

std::string error_of(const std::string& path) {
    const auto opened = open_trusted(path);
    return opened ? "trusted" : opened.error().id();
}

class Trust : public testing::Test {
  protected:
    void SetUp() override {
        HEARTH_NEED_ROOT();
        ASSERT_EQ(::mkdir((folder / "sub").c_str(), 0755), 0);
        file = folder.write("sub/plugin.so", "x");
    }
    test::TrustedFolder folder;
    std::string file;
};

TEST_F(Trust, OpensWhatOnlyRootCanChange) {
    EXPECT_EQ(error_of(file), "trusted");
}

TEST_F(Trust, RefusesAFileThatOthersCanWrite) {
    for (const mode_t mode : {0664U, 0646U}) {
        ::chmod(file.c_str(), mode);
        EXPECT_EQ(error_of(file), "plugin-untrusted-file") << mode;
    }
}

TEST_F(Trust, RefusesAFileThatDoesNotBelongToRoot) {
    ASSERT_EQ(::chown(file.c_str(), 65534, 0), 0);
    EXPECT_EQ(error_of(file), "plugin-untrusted-file");
}

TEST_F(Trust, RefusesLinksPipesAndFolders) {
    ASSERT_EQ(::symlink("plugin.so", (folder / "sub/link.so").c_str()), 0);
    ASSERT_EQ(::mkfifo((folder / "sub/pipe.so").c_str(), 0644), 0);
    ASSERT_EQ(::mkdir((folder / "sub/dir.so").c_str(), 0755), 0);
    for (const auto* name : {"sub/link.so", "sub/pipe.so", "sub/dir.so", "sub/none.so", "sub/.."})
        EXPECT_EQ(error_of(folder / name), "plugin-untrusted-file") << name;
}

TEST_F(Trust, RefusesEveryFolderOnTheWayThatOthersCanWrite) {
    for (const auto& path : {folder.path(), folder / "sub"}) {
        ::chmod(path.c_str(), 0775);
        EXPECT_EQ(error_of(file), "plugin-untrusted-folder") << path;
        ::chmod(path.c_str(), 01777);
        EXPECT_EQ(error_of(file), "plugin-untrusted-folder") << path << ", sticky";
        ::chmod(path.c_str(), 0755);
    }
    EXPECT_EQ(error_of(file), "trusted");
}

TEST_F(Trust, RefusesAFolderThatDoesNotBelongToRoot) {
    ASSERT_EQ(::chown((folder / "sub").c_str(), 65534, 0), 0);
    EXPECT_EQ(error_of(file), "plugin-untrusted-folder");
}

TEST_F(Trust, FollowsLinksOfRootByTheSameRules) {
    ASSERT_EQ(::symlink("sub", (folder / "relative").c_str()), 0);
    ASSERT_EQ(::symlink((folder / "sub").c_str(), (folder / "absolute").c_str()), 0);
    EXPECT_EQ(error_of(folder / "relative/plugin.so"), "trusted");
    EXPECT_EQ(error_of(folder / "absolute/plugin.so"), "trusted");
    ::chmod((folder / "sub").c_str(), 0777);
    EXPECT_EQ(error_of(folder / "absolute/plugin.so"), "plugin-untrusted-folder");
}

TEST_F(Trust, EndsInCirclesOfLinks) {
    ASSERT_EQ(::symlink("loop", (folder / "loop").c_str()), 0);
    EXPECT_EQ(error_of(folder / "loop/plugin.so"), "plugin-untrusted-folder");
}

TEST_F(Trust, TellsMissingFoldersApart) {
    EXPECT_EQ(error_of(folder / "none/plugin.so"), "plugin-folder-missing");
}

TEST_F(Trust, RefusesRelativePathsAndTmp) {
    EXPECT_EQ(error_of("sub/plugin.so"), "plugin-untrusted-folder");
    EXPECT_EQ(error_of("plugin.so"), "plugin-untrusted-folder");
    EXPECT_EQ(error_of("/tmp/plugin.so"), "plugin-untrusted-folder");
}

}  // namespace
}  // namespace hearth::plugin
