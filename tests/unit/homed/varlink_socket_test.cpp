// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::homed::varlink {
namespace {

constexpr char kName[] = "io.systemd.Home";

class VarlinkSocket : public ::testing::Test {
  protected:
    VarlinkSocket() : folder_(root_.path() + "/run/systemd/userdb") {}
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(folder_), {}));
    }
    [[nodiscard]] mode_t mode_of(const std::string& path) const {
        struct stat file {};
        return ::stat(path.c_str(), &file) == 0 ? file.st_mode & 07777U : 0;
    }

    home::TempRoot root_;
    std::string folder_;
};

TEST_F(VarlinkSocket, IsForEverybody) {
    const mode_t before = ::umask(077);
    const auto socket = Socket::listen(folder_, kName);
    ::umask(before);
    ASSERT_TRUE(socket.has_value());
    EXPECT_EQ(mode_of(folder_), 0755U);
    EXPECT_EQ(mode_of(folder_ + "/" + kName), 0666U);
    EXPECT_EQ(files(), 1U);
}

TEST_F(VarlinkSocket, GoesWithTheService) {
    std::optional<Socket> socket = Socket::listen(folder_, kName).value();
    EXPECT_EQ(files(), 1U);
    socket.reset();
    EXPECT_EQ(files(), 0U);
}

TEST_F(VarlinkSocket, TakesThePlaceOfADeadOne) {
    {
        const auto socket = Socket::listen(folder_, kName);
        std::filesystem::create_hard_link(folder_ + "/" + kName, folder_ + "/kept");
    }
    std::filesystem::rename(folder_ + "/kept", folder_ + "/" + kName);
    EXPECT_TRUE(Socket::listen(folder_, kName).has_value());
    EXPECT_EQ(files(), 0U);
}

TEST_F(VarlinkSocket, LeavesALiveOneAlone) {
    const auto first = Socket::listen(folder_, kName);
    const auto second = Socket::listen(folder_, kName);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().id(), "varlink-socket-taken");
    EXPECT_EQ(files(), 1U);
}

TEST_F(VarlinkSocket, LeavesTheFileOfItsSuccessor) {
    std::optional<Socket> first = Socket::listen(folder_, kName).value();
    std::filesystem::remove(folder_ + "/" + kName);
    const auto second = Socket::listen(folder_, kName);
    ASSERT_TRUE(second.has_value());
    first.reset();
    EXPECT_EQ(files(), 1U);
}

TEST_F(VarlinkSocket, KeepsTheModeOfAFolderThatIsThere) {
    std::filesystem::create_directories(folder_);
    ASSERT_EQ(::chmod(folder_.c_str(), 0711), 0);
    const auto socket = Socket::listen(folder_, kName);
    EXPECT_EQ(mode_of(folder_), 0711U);
}

TEST_F(VarlinkSocket, CanLieDeep) {
    const std::string deep = root_.path() + "/" + std::string(200, 'x') + "/userdb";
    EXPECT_TRUE(Socket::listen(deep, kName).has_value());
}

TEST_F(VarlinkSocket, IsNotPutThroughALink) {
    std::filesystem::create_directories(root_.path() + "/run/systemd");
    std::filesystem::create_directory_symlink("/tmp", folder_);
    const auto socket = Socket::listen(folder_, kName);
    ASSERT_FALSE(socket.has_value());
    EXPECT_EQ(socket.error().id(), "varlink-socket");
}

}  // namespace
}  // namespace hearth::homed::varlink
