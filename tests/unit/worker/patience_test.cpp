// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/patience.hpp"

#include <gtest/gtest.h>

namespace hearth::worker {
namespace {

constexpr std::int64_t kSecond = 1000;

TEST(Patience, IsShortWhileAPluginIsLoaded) {
    Patience patience(0);
    patience.on_progress("loading the plugin org.acme", 0, 0);
    EXPECT_EQ(patience.left(0), 10 * kSecond);
    EXPECT_FALSE(patience.can_ask());
    patience.on_progress("asking the plugin org.acme", 0, 9 * kSecond);
    EXPECT_EQ(patience.left(9 * kSecond), 120 * kSecond);
    EXPECT_TRUE(patience.can_ask());
}

TEST(Patience, IsBoughtByProgressThatGoesOnAlone) {
    Patience patience(0);
    patience.on_progress("copying", 10, 0);
    patience.on_progress("copying", 10, 100 * kSecond);
    EXPECT_EQ(patience.left(100 * kSecond), 20 * kSecond);
    patience.on_progress("copying", 5, 110 * kSecond);
    EXPECT_EQ(patience.left(110 * kSecond), 10 * kSecond);
    patience.on_progress("copying", 11, 119 * kSecond);
    EXPECT_EQ(patience.left(119 * kSecond), 120 * kSecond);
}

TEST(Patience, EndsAlthoughProgressGoesOn) {
    Patience patience(0);
    constexpr std::int64_t kDay = 24 * 3600 * kSecond;
    patience.on_progress("copying", 1, kDay - kSecond);
    EXPECT_EQ(patience.left(kDay - kSecond), kSecond);
    EXPECT_EQ(patience.left(kDay + kSecond), 0);
}

TEST(Patience, StandsStillInACriticalSection) {
    Patience patience(0);
    patience.on_progress("renaming", 1, 0);
    patience.on_critical(true, 100 * kSecond);
    EXPECT_EQ(patience.left(700 * kSecond), 1200 * kSecond);
    patience.on_critical(false, 700 * kSecond);
    EXPECT_EQ(patience.left(700 * kSecond), 20 * kSecond);
}

TEST(Patience, EndsInACriticalSectionThatIsNeverLeft) {
    Patience patience(0);
    patience.on_critical(true, 0);
    EXPECT_EQ(patience.left(1800 * kSecond), 0);
}

TEST(Patience, IsShorterWithWhoWasAskedToStop) {
    Patience patience(0);
    patience.on_cancel(5 * kSecond);
    EXPECT_EQ(patience.left(5 * kSecond), 20 * kSecond);
    EXPECT_FALSE(patience.can_ask());
    patience.on_cancel(20 * kSecond);
    EXPECT_EQ(patience.left(20 * kSecond), 5 * kSecond);
    patience.on_progress("undoing", 1, 8 * kSecond);
    EXPECT_EQ(patience.left(8 * kSecond), 20 * kSecond);
}

TEST(Patience, EndsAlthoughWhoWasAskedToStopTellsProgress) {
    Patience patience(0);
    patience.on_cancel(0);
    patience.on_progress("undoing", 1, 19 * kSecond);
    patience.on_progress("undoing", 2, 29 * kSecond);
    EXPECT_EQ(patience.left(29 * kSecond), kSecond);
}

TEST(Patience, LeavesACriticalSectionAloneThatWasAskedToStop) {
    Patience patience(0);
    patience.on_critical(true, 0);
    patience.on_cancel(kSecond);
    EXPECT_EQ(patience.left(100 * kSecond), 1700 * kSecond);
}

TEST(Patience, IsOverSoonAfterTheLastWord) {
    Patience patience(0);
    patience.on_critical(true, 0);
    patience.on_farewell(50 * kSecond);
    EXPECT_EQ(patience.left(50 * kSecond), 2 * kSecond);
    EXPECT_FALSE(patience.can_ask());
}

TEST(Patience, LeavesTheKernelTimeToEndAWorkerThatWasKilled) {
    Patience patience(0);
    patience.on_farewell(0);
    patience.on_killed(2 * kSecond);
    EXPECT_EQ(patience.left(3 * kSecond), 14 * kSecond);
}

}  // namespace
}  // namespace hearth::worker
