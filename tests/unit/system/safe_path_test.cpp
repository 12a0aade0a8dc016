// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/safe_path.hpp"

#include "support.hpp"

namespace hearth::system {
namespace {

class SafePath : public testing::Test {
  protected:
    void SetUp() override {
        chmod(dir.path().c_str(), 0755);
        std::filesystem::create_directories(dir.at("home/deep"));
        for (const char* name : {"home", "home/deep"}) chmod(dir.at(name).c_str(), 0755);
    }
    std::string id_of(const std::string& path) {
        const auto place = open_parent(dir.path(), path);
        return place ? "ok" : place.error().id();
    }
    TempDir dir;
};

TEST_F(SafePath, OpensTheParentAndNamesTheRest) {
    const auto place = open_parent(dir.path(), "/home//./deep/ann.homedir");
    ASSERT_TRUE(place.has_value()) << place.error().one_line();
    EXPECT_EQ(place->name, "ann.homedir");
    struct stat opened {};
    ASSERT_EQ(fstat(place->dir.get(), &opened), 0);
    EXPECT_EQ(opened.st_ino, stat_of(dir.at("home/deep")).st_ino);
}

TEST_F(SafePath, RefusesPathsThatLeadElsewhere) {
    for (const char* path : {"", "home/x", "/", "/home/../x", "/home/..", "/home/", "/."})
        EXPECT_EQ(id_of(path), "image-path-invalid") << path;
}

TEST_F(SafePath, RefusesLinksBelowTheRoot) {
    std::filesystem::create_directory_symlink("home", dir.at("link"));
    EXPECT_EQ(id_of("/link/x"), "image-path-symlink");
    EXPECT_EQ(id_of("/link/deep/x"), "image-path-symlink");
    // The medium itself may be one: whoever opens it decides.
    EXPECT_EQ(id_of("/link"), "ok");
}

TEST_F(SafePath, FollowsALinkToTheRootItself) {
    const TempDir other;
    std::filesystem::create_directory_symlink(dir.path(), other.at("root"));
    EXPECT_TRUE(open_parent(other.at("root"), "/home/x").has_value());
}

TEST_F(SafePath, RefusesFoldersThatOthersCanChange) {
    for (const mode_t mode : {0775U, 0757U, 01777U}) {
        chmod(dir.at("home").c_str(), mode);
        const auto place = open_parent(dir.path(), "/home/deep/x");
        ASSERT_FALSE(place.has_value()) << mode;
        EXPECT_EQ(place.error().id(), "image-path-unsafe");
        EXPECT_NE(place.error().hint().find("chmod"), std::string::npos);
    }
}

TEST_F(SafePath, RefusesFoldersOfOtherUsers) {
    HEARTH_NEEDS_ROOT();
    ASSERT_EQ(chown(dir.at("home").c_str(), 60100, 0), 0);
    const auto place = open_parent(dir.path(), "/home/x");
    ASSERT_FALSE(place.has_value());
    EXPECT_EQ(place.error().id(), "image-path-unsafe");
    EXPECT_NE(place.error().why().find("60100"), std::string::npos);
}

TEST_F(SafePath, TellsAbsentFromUnreadable) {
    EXPECT_EQ(id_of("/missing/x"), "image-path-absent");
    write_text(dir.at("home/file"), "x");
    EXPECT_EQ(id_of("/home/file/x"), "image-path-open");
}

TEST_F(SafePath, OpensFoldersThemselvesToo) {
    EXPECT_TRUE(open_safe_dir(dir.path(), "/home/deep").has_value());
    EXPECT_TRUE(open_safe_dir(dir.path(), "/").has_value());
    EXPECT_EQ(open_safe_dir(dir.path(), "/home/none").error().id(), "image-path-absent");
}

TEST_F(SafePath, WorksWithoutARoot) {
    EXPECT_TRUE(open_parent("", "/usr/bin/env").has_value());
}

}  // namespace
}  // namespace hearth::system
