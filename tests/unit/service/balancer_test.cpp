// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/balancer.hpp"

#include <gtest/gtest.h>

#include "poll_loop.hpp"

namespace hearth::service {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kMinute = 60'000'000;

/// A disk with homes that change as they are told, or not.
class BalancerTest : public ::testing::Test {
  protected:
    void change(const NewSize& wanted, Done done) {
        changes.push_back(wanted);
        if (slow) {
            pending = std::move(done);
            return;
        }
        finish(wanted, done);
    }
    void finish(const NewSize& wanted, const Done& done) {
        if (failure) return done(*failure);
        for (Share& home : disk.homes) {
            if (home.user != wanted.user) continue;
            home.free += wanted.to - wanted.from;
            disk.free -= wanted.to - wanted.from;
            home.size = wanted.to;
        }
        done(worker::Reply());
    }
    /// What has been answered by now; the answer may also come later.
    std::string ask() {
        const auto said = std::make_shared<std::string>("nothing");
        balancer.ask([said](const Result<worker::Reply>& result) {
            *said = result ? "done" : result.error().id();
        });
        return *said;
    }

    PollLoop loop;
    Disk disk{20 * kGiB, {{"ann", 100, kGiB, kGiB / 2, true}, {"bob", 100, kGiB, 0, true}}};
    std::vector<NewSize> changes;
    std::vector<Error> problems;
    std::optional<Error> failure;
    bool slow = false;
    Done pending;
    Balancer balancer{loop, [this] { return disk; },
                      [this](const NewSize& wanted, Done done) { change(wanted, std::move(done)); },
                      [this](const Error& error) { problems.push_back(error); }};
};

TEST_F(BalancerTest, DividesWhenItIsAsked) {
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(changes.size(), 2U);
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(changes.size(), 2U) << "there was nothing left to do";
}

TEST_F(BalancerTest, SaysThatNobodyTakesPart) {
    disk.homes.clear();
    EXPECT_EQ(ask(), "rebalance-needless");
    loop.pass(100 * kMinute);
    EXPECT_TRUE(changes.empty());
}

TEST_F(BalancerTest, WaitsAMomentAndLooksAgainLater) {
    balancer.soon();
    balancer.soon();
    loop.pass(1'000'000);
    EXPECT_TRUE(changes.empty());
    loop.pass(2'000'000);
    EXPECT_EQ(changes.size(), 2U);
    disk.free += 20 * kGiB;
    loop.pass(kMinute / 2);
    EXPECT_EQ(changes.size(), 2U);
    loop.pass(15 * kMinute);
    EXPECT_EQ(changes.size(), 4U);
}

TEST_F(BalancerTest, DoesNothingWhileItIsHeld) {
    balancer.soon();
    balancer.hold(true);
    loop.pass(15 * kMinute);
    EXPECT_EQ(ask(), "rebalance-not-now");
    EXPECT_TRUE(changes.empty());
    balancer.hold(false);
    loop.pass(2'000'000);
    EXPECT_EQ(changes.size(), 2U);
}

TEST_F(BalancerTest, StopsBetweenTwoHomesWhenItIsHeld) {
    slow = true;
    EXPECT_EQ(ask(), "nothing");
    ASSERT_EQ(changes.size(), 1U);
    balancer.hold(true);
    finish(changes.front(), std::exchange(pending, nullptr));
    EXPECT_EQ(changes.size(), 1U);
}

TEST_F(BalancerTest, TriesABusyHomeAgain) {
    failure = Error(Code::home_busy, "home-busy", "The home is busy.");
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(changes.size(), 2U);
    EXPECT_TRUE(problems.empty());
    failure.reset();
    loop.pass(15'000'000);
    EXPECT_EQ(changes.size(), 4U);
}

TEST_F(BalancerTest, TriesAgainAfterAWorkerThatDied) {
    failure = Error(Code::internal, "worker-crashed", "The worker died.");
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(problems.size(), 2U);
    failure.reset();
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(changes.size(), 4U);
}

TEST_F(BalancerTest, LeavesAHomeAloneThatRefusesUntilItIsOpenedAgain) {
    failure = Error(Code::not_supported, "storage-not-supported", "The key is not there.");
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(problems.size(), 2U);
    failure.reset();
    EXPECT_EQ(ask(), "rebalance-needless");
    balancer.forget("ann");
    EXPECT_EQ(ask(), "done");
    EXPECT_EQ(changes.back().user, "ann");
    EXPECT_EQ(changes.size(), 3U);
}

}  // namespace
}  // namespace hearth::service
