// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/proven.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::service {

namespace {

const std::string kKey(32, 'k');

class ProvenTest : public ::testing::Test {
  protected:
    ProvenTest() {
        Proven first(root_.root());
        first.add(kKey, "text");
        EXPECT_TRUE(first.is_new());
        EXPECT_TRUE(first.save().has_value());
        EXPECT_FALSE(first.is_new());
        file_ = root_.root().hearth_dir() + "/signatures";
    }
    [[nodiscard]] bool knows(const std::string& key, const std::string& text) const {
        return Proven(root_.root()).contains(key, text);
    }

    home::TempRoot root_;
    std::string file_;
};

}  // namespace

TEST_F(ProvenTest, IsRememberedByKeyAndText) {
    EXPECT_TRUE(knows(kKey, "text"));
    EXPECT_FALSE(knows(kKey, "another"));
    EXPECT_FALSE(knows(std::string(32, 'o'), "text"));
}

TEST_F(ProvenTest, IsNotBelievedIfOthersCouldHaveWrittenIt) {
    ASSERT_EQ(::chmod(file_.c_str(), 0660), 0);
    EXPECT_FALSE(knows(kKey, "text"));
    ASSERT_EQ(::chmod(file_.c_str(), 0600), 0);
    ASSERT_EQ(::chmod(root_.root().hearth_dir().c_str(), 0777), 0);
    EXPECT_FALSE(knows(kKey, "text"));
}

TEST_F(ProvenTest, IsNotBelievedFromAnotherPlace) {
    std::filesystem::rename(file_, file_ + "2");
    std::filesystem::create_symlink(file_ + "2", file_);
    EXPECT_FALSE(knows(kKey, "text"));
}

TEST_F(ProvenTest, DamagedItIsEmpty) {
    std::filesystem::resize_file(file_, 31);
    EXPECT_FALSE(knows(kKey, "text"));
}

TEST_F(ProvenTest, KeepsWhatAnEarlierRunFound) {
    Proven second(root_.root());
    second.add(kKey, "another");
    ASSERT_TRUE(second.save().has_value());
    EXPECT_TRUE(knows(kKey, "text"));
    EXPECT_TRUE(knows(kKey, "another"));
}

}  // namespace hearth::service
