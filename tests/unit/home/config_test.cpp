// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/config.hpp"

#include <gtest/gtest.h>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::home {
namespace {

Config read_text(std::string_view text) {
    Config config;
    read_config_text(text, "x.conf", config);
    return config;
}

void write(const TempRoot& temp, const std::string& path, const std::string& text) {
    std::filesystem::create_directories(
        std::filesystem::path(temp.path() + path).parent_path().string());
    temp.write(path, text);
}

TEST(Config, SaysNothingWhereThereIsNone) {
    const TempRoot temp;
    const auto config = read_config(temp.root());
    EXPECT_EQ(config.default_storage, "");
    EXPECT_EQ(config.default_file_system, "");
    EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, ReadsBothSettings) {
    const auto config = read_text(
        "# a comment\n; another\n\n[Home]\nDefaultStorage=directory\n"
        "  DefaultFileSystemType = xfs  \r\n");
    EXPECT_EQ(config.default_storage, "directory");
    EXPECT_EQ(config.default_file_system, "xfs");
    EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, TakesTheLastValueAndAnEmptyOneForNone) {
    EXPECT_EQ(read_text("[Home]\nDefaultStorage=a\nDefaultStorage=b").default_storage, "b");
    EXPECT_EQ(read_text("[Home]\nDefaultStorage=a\nDefaultStorage=").default_storage, "");
}

TEST(Config, JoinsLinesThatGoOn) {
    const auto config = read_text("[Home]\nDefaultStorage=\\\n# in between\nvault\nX=1\n");
    EXPECT_EQ(config.default_storage, "vault");
    ASSERT_EQ(config.warnings.size(), 1U);
    EXPECT_NE(config.warnings[0].what().find("Line 5 "), std::string::npos);
    EXPECT_EQ(read_text("[Home]\nDefaultStorage=a\\").default_storage, "");
}

TEST(Config, SkipsWhatItDoesNotKnowAndSaysSo) {
    const auto config = read_text(
        "DefaultStorage=early\n[Away]\nDefaultStorage=away\n[Home\n[Home]\nThinPool=x\n"
        "DefaultStorage=a/b\nnonsense\n\xff=\x01\nDefaultStorage=good\n");
    EXPECT_EQ(config.default_storage, "good");
    EXPECT_EQ(config.warnings.size(), 7U);
    for (const auto& warning : config.warnings) EXPECT_EQ(warning.id(), "config-line");
}

TEST(Config, LeavesNotesOfOthersAlone) {
    const auto config = read_text("[X-Other]\nanything=1\n[Home]\nX-Mine=2\n");
    EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, EtcHidesTheFilesOfOtherFolders) {
    const TempRoot temp;
    write(temp, "/usr/lib/systemd/homed.conf",
          "[Home]\nDefaultStorage=lib\nDefaultFileSystemType=xfs\n");
    EXPECT_EQ(read_config(temp.root()).default_storage, "lib");
    write(temp, "/etc/systemd/homed.conf", "[Home]\nDefaultStorage=etc\n");
    EXPECT_EQ(read_config(temp.root()).default_storage, "etc");
    EXPECT_EQ(read_config(temp.root()).default_file_system, "");
}

TEST(Config, DropInsComeAfterwardsInTheOrderOfTheirNames) {
    const TempRoot temp;
    write(temp, "/etc/systemd/homed.conf", "[Home]\nDefaultStorage=main\n");
    write(temp, "/usr/lib/systemd/homed.conf.d/50-x.conf", "[Home]\nDefaultStorage=fifty\n");
    write(temp, "/etc/systemd/homed.conf.d/10-x.conf", "[Home]\nDefaultStorage=ten\n");
    write(temp, "/etc/systemd/homed.conf.d/90-x.txt", "[Home]\nDefaultStorage=text\n");
    EXPECT_EQ(read_config(temp.root()).default_storage, "fifty");
    write(temp, "/run/systemd/homed.conf.d/50-x.conf", "[Home]\n");
    EXPECT_EQ(read_config(temp.root()).default_storage, "ten");
    std::filesystem::create_symlink("/dev/null",
                                    temp.path() + "/etc/systemd/homed.conf.d/50-x.conf");
    EXPECT_EQ(read_config(temp.root()).default_storage, "ten");
}

TEST(Config, SaysWhichFileCannotBeRead) {
    const TempRoot temp;
    std::filesystem::create_directories(temp.path() + "/etc/systemd/homed.conf.d/x.conf");
    const auto config = read_config(temp.root());
    ASSERT_EQ(config.warnings.size(), 1U);
    EXPECT_EQ(config.warnings[0].id(), "config-unreadable");
}

}  // namespace
}  // namespace hearth::home
