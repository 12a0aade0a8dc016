// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/waiting.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hearth::service {

namespace {

using Rank = Waiting::Rank;

class WaitingTest : public ::testing::Test {
  protected:
    bool add(Rank rank, char name) {
        return waiting_.add(rank, [this, name] { order_ += name; });
    }
    std::string served() {
        while (!waiting_.empty()) waiting_.next()();
        return order_;
    }

    Waiting waiting_;
    std::string order_;
};

TEST_F(WaitingTest, WhoComesFirstIsServedFirst) {
    EXPECT_TRUE(add(Rank::client, 'a') && add(Rank::service, 'b') && add(Rank::client, 'c'));
    EXPECT_EQ(served(), "abc");
}

TEST_F(WaitingTest, StrangersComeBehindTheOthers) {
    EXPECT_TRUE(add(Rank::stranger, 'x') && add(Rank::stranger, 'y') && add(Rank::client, 'a'));
    EXPECT_EQ(served(), "axy");
}

TEST_F(WaitingTest, ManyStrangersTakeNobodysPlace) {
    std::size_t taken = 0;
    while (add(Rank::stranger, 'x')) ++taken;
    EXPECT_EQ(taken, Waiting::kMostStrangers);
    EXPECT_TRUE(add(Rank::client, 'a'));
    EXPECT_EQ(served().front(), 'a');
}

TEST_F(WaitingTest, TooManyAreRefusedButForWhatHasToBeDone) {
    std::size_t taken = 0;
    while (add(Rank::client, 'a')) ++taken;
    EXPECT_EQ(taken, Waiting::kMostClients);
    EXPECT_TRUE(add(Rank::service, 's'));
    EXPECT_EQ(served().back(), 's');
}

}  // namespace

}  // namespace hearth::service
