// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/files.hpp"

#include "support.hpp"

namespace hearth::system {
namespace {

TEST(Files, ReadBackWhatWasWritten) {
    const TempDir dir;
    const std::string bytes("a\0b\n", 4);
    ASSERT_TRUE(
        write_file_atomic_at(dir.fd(), "file", bytes, {0640}, Durability::synced).has_value());
    EXPECT_EQ(read_file_at(dir.fd(), "file", 4).value(), bytes);
    EXPECT_EQ(stat_of(dir.at("file")).st_mode & 07777, 0640U);
}

TEST(Files, AreReplacedWithoutLeftovers) {
    const TempDir dir;
    for (const char* text : {"first", "second, longer"})
        ASSERT_TRUE(
            write_file_atomic_at(dir.fd(), "file", text, {}, Durability::atomic).has_value());
    EXPECT_EQ(read_file_at(dir.fd(), "file", 100).value(), "second, longer");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(Files, KeepTheOldContentsWhenWritingFails) {
    const TempDir dir;
    std::filesystem::create_directory(dir.at("taken"));
    const auto result = write_file_atomic_at(dir.fd(), "taken", "x", {}, Durability::atomic);
    EXPECT_EQ(result.error().id(), "file-write");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(Files, BelongToWhomTheyAreGivenTo) {
    HEARTH_NEEDS_ROOT();
    const TempDir dir;
    ASSERT_TRUE(
        write_file_atomic_at(dir.fd(), "file", "x", {04755, 60100, 60101}, Durability::atomic)
            .has_value());
    const auto info = stat_of(dir.at("file"));
    EXPECT_EQ(info.st_uid, 60100U);
    EXPECT_EQ(info.st_gid, 60101U);
    EXPECT_EQ(info.st_mode & 07777, 04755U);
}

TEST(Files, LargerThanAllowedAreRefused) {
    const TempDir dir;
    write_text(dir.at("file"), std::string(10000, 'x'));
    EXPECT_EQ(read_file_at(dir.fd(), "file", 10000).value().size(), 10000U);
    EXPECT_EQ(read_file_at(dir.fd(), "file", 9999).error().id(), "file-too-large");
    write_text(dir.at("empty"), "");
    EXPECT_EQ(read_file_at(dir.fd(), "empty", 0).value(), "");
}

TEST(Files, WithoutASizeAreReadToTheirEnd) {
    const UniqueFd proc = open_folder("/proc/self");
    EXPECT_GT(read_file_at(proc.get(), "smaps", 1 << 24).value().size(), 4096U);
    EXPECT_EQ(read_file_at(proc.get(), "smaps", 100).error().id(), "file-too-large");
}

TEST(Files, ThatAreNotRegularAreRefusedWithoutWaiting) {
    const TempDir dir;
    write_text(dir.at("real"), "x");
    std::filesystem::create_symlink("real", dir.at("link"));
    ASSERT_EQ(mkfifo(dir.at("pipe").c_str(), 0600), 0);
    std::filesystem::create_directory(dir.at("folder"));
    for (const char* name : {"link", "pipe", "folder"})
        EXPECT_EQ(read_file_at(dir.fd(), name, 10).error().id(), "file-not-regular") << name;
    EXPECT_EQ(read_file_at(dir.fd(), "missing", 10).error().id(), "file-absent");
}

TEST(Files, CannotBeNamedByPaths) {
    const TempDir dir;
    for (const std::string& name : {std::string("a/b"), std::string(".."), std::string("."),
                                    std::string(), std::string("a\0b", 3), std::string(300, 'x')}) {
        EXPECT_EQ(read_file_at(dir.fd(), name, 10).error().id(), "file-name-unsafe");
        EXPECT_EQ(write_file_atomic_at(dir.fd(), name, "", {}, Durability::atomic).error().id(),
                  "file-name-unsafe");
        EXPECT_EQ(remove_file_at(dir.fd(), name).error().id(), "file-name-unsafe");
        EXPECT_EQ(create_dir_at(dir.fd(), name, {}).error().id(), "file-name-unsafe");
    }
}

TEST(Files, AreRemovedOnce) {
    const TempDir dir;
    write_text(dir.at("file"), "x");
    EXPECT_TRUE(remove_file_at(dir.fd(), "file").value());
    EXPECT_FALSE(remove_file_at(dir.fd(), "file").value());
}

TEST(Folders, AreMadeAndRemoved) {
    const TempDir dir;
    {
        const UniqueFd made = create_dir_at(dir.fd(), "folder", {0755}).value();
        EXPECT_EQ(stat_of(dir.at("folder")).st_mode & 07777, 0755U);
        write_text(dir.at("folder/file"), "x");
    }
    EXPECT_EQ(create_dir_at(dir.fd(), "folder", {}).error().id(), "file-exists");
    EXPECT_EQ(remove_dir_at(dir.fd(), "folder").error().id(), "file-not-empty");
    std::filesystem::remove(dir.at("folder/file"));
    EXPECT_TRUE(remove_dir_at(dir.fd(), "folder").value());
    EXPECT_FALSE(remove_dir_at(dir.fd(), "folder").value());
}

TEST(Folders, AreNeverOpenedThroughALink) {
    const TempDir dir;
    std::filesystem::create_directory(dir.at("real"));
    std::filesystem::create_directory_symlink("real", dir.at("link"));
    EXPECT_TRUE(open_dir_at(dir.fd(), "real").has_value());
    EXPECT_FALSE(open_dir_at(dir.fd(), "link").has_value());
    EXPECT_FALSE(open_dir(dir.at("link")).has_value());
    EXPECT_EQ(open_dir(dir.at("missing")).error().id(), "file-absent");
    EXPECT_EQ(open_dir(dir.at("missing")).error().code(), Code::home_absent);
}

TEST(Renaming, NeverReplaces) {
    const TempDir dir;
    write_text(dir.at("a"), "a");
    write_text(dir.at("b"), "b");
    EXPECT_EQ(rename_at(dir.fd(), "a", dir.fd(), "b").error().id(), "file-exists");
    EXPECT_TRUE(rename_at(dir.fd(), "a", dir.fd(), "c").has_value());
    EXPECT_EQ(rename_at(dir.fd(), "a", dir.fd(), "d").error().id(), "file-absent");
    EXPECT_EQ(read_file_at(dir.fd(), "b", 10).value(), "b");
}

TEST(AtomicFile, IsSyncedUnderItsNameWhetherItReplacesOneOrNot) {
    const TempDir dir;
    for (const char* text : {"first", "second", ""}) {
        ASSERT_TRUE(
            write_file_atomic_at(dir.fd(), "file", text, {0640}, Durability::synced).has_value());
        EXPECT_EQ(read_file_at(dir.fd(), "file", 100).value_or("?"), text);
        struct stat status {};
        ASSERT_EQ(::fstatat(dir.fd(), "file", &status, AT_SYMLINK_NOFOLLOW), 0);
        EXPECT_EQ(status.st_mode & 07777U, 0640U);
        EXPECT_EQ(status.st_nlink, 1U);
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

}  // namespace
}  // namespace hearth::system
