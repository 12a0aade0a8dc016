// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/blobs.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/home/blob_folder.hpp"
#include "tests/unit/home/temp_root.hpp"

namespace hearth::home {
namespace {

constexpr const char* kHashOfX = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

UniqueFd file_of(const std::string& text) {
    UniqueFd fd(::memfd_create("blob", MFD_CLOEXEC));
    EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return fd;
}

BlobFiles one_file(const std::string& name, const std::string& text) {
    BlobFiles files;
    files.emplace(name, file_of(text));
    return files;
}

TEST(Blobs, AreReadWithTheirHashes) {
    auto files = one_file("avatar", "x");
    files.emplace("a.b_c~d-1", file_of(""));
    const auto blobs = read_blobs(files);
    ASSERT_TRUE(blobs.has_value()) << blobs.error().one_line();
    EXPECT_EQ(blobs->at("avatar"), "x");
    EXPECT_EQ(make_manifest(*blobs).at("avatar"), kHashOfX);
}

TEST(Blobs, HaveNamesThatAreSafe) {
    for (const char* name : {"", ".", "..", ".x", "a/b", "a b", "a\n", "\xc3\xbc"})
        EXPECT_EQ(read_blobs(one_file(name, "x")).error().id(), "blob-name") << name;
}

TEST(Blobs, AreRegularFilesThatCanBeRead) {
    BlobFiles files;
    files.emplace("null", UniqueFd(::open("/dev/null", O_RDONLY)));
    EXPECT_EQ(read_blobs(files).error().id(), "blob-file");
    files.clear();
    files.emplace("path", UniqueFd(::open("/proc/version", O_PATH)));
    EXPECT_EQ(read_blobs(files).error().id(), "blob-file");
}

TEST(Blobs, AreOfALimitedSize) {
    BlobFiles files;
    for (int i = 0; i < 2; ++i) {
        UniqueFd fd(::memfd_create("blob", MFD_CLOEXEC));
        ASSERT_EQ(::ftruncate(fd.get(), static_cast<off_t>(kMostBlobBytes / 2 + i)), 0);
        files.emplace(std::to_string(i), std::move(fd));
    }
    EXPECT_EQ(read_blobs(files).error().id(), "blobs-too-large");
    files.clear();
    for (std::size_t i = 0; i <= kMostBlobs; ++i) files.emplace(std::to_string(i), UniqueFd());
    EXPECT_EQ(read_blobs(files).error().id(), "blobs-too-large");
}

TEST(Blobs, AreNamedByTheirRecord) {
    auto record = record::UserRecord::parse(R"({"userName":"ada"})").value();
    EXPECT_TRUE(manifest_of(record).empty());
    ASSERT_TRUE(set_manifest(record, {{"avatar", kHashOfX}}).has_value());
    EXPECT_EQ(manifest_of(record), (BlobManifest{{"avatar", kHashOfX}}));
    ASSERT_TRUE(set_manifest(record, {}).has_value());
    EXPECT_EQ(record.canonical(), R"({"userName":"ada"})");
}

class BlobFolderTest : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::create_directories(temp.path() + "/home");
        home.reset(::open((temp.path() + "/home").c_str(), O_RDONLY | O_DIRECTORY));
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return temp.path() + "/var/cache/systemd/home/ada/" + name;
    }
    static Blobs two() { return {{"avatar", "x"}, {"same", "x"}, {"wall", "picture"}}; }

    TempRoot temp;
    Root root = temp.root();
    UniqueFd home;
};

TEST_F(BlobFolderTest, IsNotThereUntilItIsNeeded) {
    EXPECT_FALSE(BlobFolder::open_system(root, "ada")->has_value());
    EXPECT_FALSE(BlobFolder::open_in_home(home.get())->has_value());
    EXPECT_TRUE(BlobFolder::remove_system(root, "ada").has_value());
}

TEST_F(BlobFolderTest, TakesFilesInTwoSteps) {
    auto folder = BlobFolder::make_system(root, "ada").value();
    const auto manifest = make_manifest(two());
    ASSERT_TRUE(folder.stage(two()).has_value());
    EXPECT_FALSE(std::filesystem::exists(path("avatar")));
    EXPECT_FALSE(folder.seems_right(manifest));
    const auto settled = folder.settle(manifest, nullptr);
    ASSERT_TRUE(settled.has_value()) << settled.error().one_line();
    EXPECT_TRUE(*settled);
    EXPECT_TRUE(folder.seems_right(manifest));
    EXPECT_EQ(folder.find("wall", manifest.at("wall")), "picture");
    struct stat st {};
    ASSERT_EQ(::stat(path("avatar").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777U, 0644U);
    EXPECT_TRUE(BlobFolder::remove_system(root, "ada").has_value());
    EXPECT_FALSE(std::filesystem::exists(path("")));
}

TEST_F(BlobFolderTest, KeepsTheOldFilesUntilTheRecordIsWritten) {
    auto folder = BlobFolder::make_system(root, "ada").value();
    const auto before = make_manifest({{"avatar", "old"}});
    ASSERT_TRUE(folder.stage({{"avatar", "old"}}).has_value());
    ASSERT_TRUE(folder.settle(before, nullptr).value());
    ASSERT_TRUE(folder.stage({{"avatar", "new"}}).has_value());
    EXPECT_EQ(folder.find("avatar", before.at("avatar")), "old");
    ASSERT_TRUE(folder.settle(before, nullptr).value());
    EXPECT_TRUE(folder.seems_right(before));
}

TEST_F(BlobFolderTest, IsRepairedFromTheOtherCopy) {
    auto system = BlobFolder::make_system(root, "ada").value();
    auto inside = BlobFolder::make_in_home(home.get()).value();
    const auto manifest = make_manifest(two());
    ASSERT_TRUE(inside.stage(two()).has_value());
    ASSERT_TRUE(inside.settle(manifest, &system).value());
    temp.write("/var/cache/systemd/home/ada/avatar", "wrong");
    temp.write("/var/cache/systemd/home/ada/extra", "unknown");
    ASSERT_TRUE(system.settle(manifest, &inside).value());
    EXPECT_TRUE(system.seems_right(manifest));
    EXPECT_EQ(system.find("avatar", kHashOfX), "x");
}

TEST_F(BlobFolderTest, HasNothingRatherThanTheWrongThing) {
    auto folder = BlobFolder::make_system(root, "ada").value();
    temp.write("/var/cache/systemd/home/ada/avatar", "wrong");
    EXPECT_FALSE(folder.settle({{"avatar", kHashOfX}}, nullptr).value());
    EXPECT_FALSE(std::filesystem::exists(path("avatar")));
}

TEST_F(BlobFolderTest, GoesWithTheLastRecordOfItsUser) {
    ASSERT_TRUE(BlobFolder::make_system(root, "ada").value().stage(two()).has_value());
    ASSERT_TRUE(BlobFolder::make_system(root, "bob").value().stage(two()).has_value());
    std::filesystem::create_directories(temp.path() + "/var/cache/systemd/home/.other");
    BlobFolder::remove_unknown(root, {"bob", "carl"});
    EXPECT_FALSE(BlobFolder::open_system(root, "ada")->has_value());
    EXPECT_TRUE(BlobFolder::open_system(root, "bob")->has_value());
    EXPECT_TRUE(std::filesystem::exists(temp.path() + "/var/cache/systemd/home/.other"));
}

TEST_F(BlobFolderTest, FollowsNoLink) {
    auto folder = BlobFolder::make_system(root, "ada").value();
    temp.write("/elsewhere", "x");
    std::filesystem::create_symlink("../../../../../elsewhere", path("avatar"));
    EXPECT_FALSE(folder.find("avatar", kHashOfX).has_value());
    std::filesystem::create_symlink("/tmp", temp.path() + "/home/.identity-blob");
    EXPECT_FALSE(BlobFolder::open_in_home(home.get()).has_value());
    EXPECT_FALSE(BlobFolder::make_in_home(home.get()).has_value());
}

}  // namespace
}  // namespace hearth::home
