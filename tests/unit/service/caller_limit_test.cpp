// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/caller_limit.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hearth::service {

namespace {

constexpr std::uint64_t kMinute = 60'000'000;
constexpr std::uint64_t kNow = 1'700'000'000'000'000;

class CallerLimitTest : public ::testing::Test {
  protected:
    CallerLimitTest() {
        char name[] = "/tmp/hearth-limit-XXXXXX";
        folder_ = ::mkdtemp(name);
        root_ = home::Root(folder_);
        std::filesystem::create_directories(root_.run_dir());
        auto record = record::UserRecord::parse(R"({"userName":"anna","rateLimitBurst":3})");
        home_.emplace(*record, record::Machine{});
    }
    ~CallerLimitTest() override { std::filesystem::remove_all(folder_); }

    std::string folder_;
    home::Root root_;
    std::optional<record::Effective> home_;
};

TEST_F(CallerLimitTest, EachCallerHasAttemptsOfTheirOwn) {
    CallerLimit limit(root_);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.count(*home_, 1001, kNow));
    const auto refused = limit.count(*home_, 1001, kNow + kMinute / 2);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().id(), "too-many-attempts");
    EXPECT_NE(refused.error().hint().find("30 s"), std::string::npos);
    EXPECT_TRUE(limit.count(*home_, 1002, kNow));
    EXPECT_TRUE(limit.count(*home_, 1001, kNow + kMinute));
}

TEST_F(CallerLimitTest, ANewServiceGoesOnCounting) {
    {
        CallerLimit before(root_);
        for (int i = 0; i < 3; ++i) EXPECT_TRUE(before.count(*home_, 1001, kNow));
    }
    CallerLimit after(root_);
    EXPECT_FALSE(after.count(*home_, 1001, kNow + 1));
}

TEST_F(CallerLimitTest, ADamagedFileCountsAsNone) {
    std::ofstream(root_.run_dir() + "/strangers") << "[{\"user\":1,\"caller\":-4},7,";
    CallerLimit limit(root_);
    EXPECT_TRUE(limit.count(*home_, 1001, kNow));
}

TEST_F(CallerLimitTest, AClockThatWasSetBackLocksNobodyOut) {
    CallerLimit limit(root_);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.count(*home_, 1001, kNow));
    EXPECT_TRUE(limit.count(*home_, 1001, kNow - 100 * kMinute));
}

}  // namespace

}  // namespace hearth::service
