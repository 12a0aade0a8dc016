// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/shares.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace hearth::service {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kGiB = kMiB << 10;

Share home(const char* user, std::uint64_t size, std::uint64_t free, std::uint64_t weight = 100,
           bool can_shrink = true) {
    return {user, weight, size, free, can_shrink};
}

std::map<std::string, std::uint64_t> sizes_after(const std::vector<Share>& homes,
                                                 const std::vector<NewSize>& changes) {
    std::map<std::string, std::uint64_t> sizes;
    for (const Share& one : homes) sizes[one.user] = one.size;
    for (const NewSize& one : changes) sizes.at(one.user) = one.to;
    return sizes;
}

TEST(Divide, GivesEqualHomesTheSameRoomAndTheDiskItsOwn) {
    const std::vector<Share> homes = {home("ann", 2 * kGiB, kGiB), home("bob", 6 * kGiB, 5 * kGiB)};
    const auto sizes = sizes_after(homes, divide(5 * kGiB, homes));
    // 11 GiB are free, of which each home gets 100 and the disk 20 of 220 parts.
    EXPECT_EQ(sizes.at("ann"), 6 * kGiB);
    EXPECT_EQ(sizes.at("bob"), 6 * kGiB);
}

TEST(Divide, FollowsTheWeights) {
    const std::vector<Share> homes = {home("ann", kGiB, kGiB, 100), home("bob", kGiB, kGiB, 300)};
    const auto sizes = sizes_after(homes, divide(40 * kGiB, homes));
    EXPECT_EQ(sizes.at("ann"), 10 * kGiB);
    EXPECT_EQ(sizes.at("bob"), 30 * kGiB);
}

TEST(Divide, ShrinksBeforeItGrows) {
    const auto changes = divide(0, {home("ann", 10 * kGiB, 9 * kGiB), home("bob", kGiB, 0)});
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].user, "ann");
    EXPECT_LT(changes[0].to, changes[0].from);
    EXPECT_EQ(changes[1].user, "bob");
    EXPECT_GT(changes[1].to, changes[1].from);
}

TEST(Divide, LeavesWhatCannotShrinkItsSize) {
    const std::vector<Share> homes = {home("ann", 10 * kGiB, 9 * kGiB, 100, false),
                                      home("bob", kGiB, kGiB / 2)};
    const auto changes = divide(2 * kGiB, homes);
    const auto sizes = sizes_after(homes, changes);
    EXPECT_EQ(sizes.at("ann"), 10 * kGiB);
    EXPECT_GT(sizes.at("bob"), kGiB);
    EXPECT_LT(sizes.at("bob"), 3 * kGiB);
}

TEST(Divide, DoesNothingForALittle) {
    EXPECT_TRUE(divide(kGiB, {}).empty());
    // Each has what it should have, or 30 MiB of 1 GiB more or less.
    const std::uint64_t disk = 200 * kMiB;
    EXPECT_TRUE(
        divide(disk, {home("ann", 1000 * kMiB, 1000 * kMiB), home("bob", 1030 * kMiB, 1000 * kMiB)})
            .empty());
}

TEST(Divide, IsStable) {
    std::vector<Share> homes = {home("ann", 3 * kGiB, kGiB, 70), home("bob", 9 * kGiB, kGiB),
                                home("cyd", kGiB, kGiB / 4, 5000)};
    const std::uint64_t disk = 20 * kGiB;
    std::uint64_t taken = 0;
    for (const NewSize& change : divide(disk, homes))
        for (Share& one : homes)
            if (one.user == change.user) {
                taken += change.to - change.from;
                one.free += change.to - change.from;
                one.size = change.to;
            }
    EXPECT_TRUE(divide(disk - taken, homes).empty());
}

struct Scene {
    std::uint64_t free = 0;
    std::vector<Share> homes;
};

Scene any_scene(std::mt19937_64& random) {
    Scene scene;
    const auto up_to = [&](std::uint64_t most) { return random() % (most + 1); };
    scene.free = up_to(1) != 0 ? up_to(100 * kGiB) : up_to(kMiB);
    const std::uint64_t count = up_to(8);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t size = up_to(3) != 0 ? up_to(50 * kGiB) : up_to(300 * kMiB);
        scene.homes.push_back(
            {"u" + std::to_string(i), 1 + up_to(9999), size, up_to(size), up_to(2) != 0});
    }
    return scene;
}

TEST(Divide, NeverPromisesMoreThanThereIsNorTakesWhatIsUsed) {
    std::mt19937_64 random(17);
    for (int round = 0; round < 20000; ++round) {
        const Scene scene = any_scene(random);
        const auto changes = divide(scene.free, scene.homes);
        const auto sizes = sizes_after(scene.homes, changes);
        std::uint64_t before = scene.free;
        std::uint64_t after = 0;
        for (const Share& one : scene.homes) {
            const std::uint64_t used = one.size - one.free;
            before += one.size;
            after += sizes.at(one.user);
            const std::uint64_t least =
                one.can_shrink ? std::min(one.size, used + std::max(64 * kMiB, used / 10))
                               : one.size;
            ASSERT_GE(sizes.at(one.user), least) << "round " << round << ", " << one.user;
        }
        ASSERT_LE(after, before) << "round " << round;
        // Nor on the way.
        std::uint64_t free = scene.free;
        for (const NewSize& change : changes) {
            ASSERT_GE(free + change.from, change.to) << "round " << round;
            free += change.from - change.to;
        }
    }
}

TEST(Divide, DoesNotDependOnTheOrder) {
    std::mt19937_64 random(18);
    for (int round = 0; round < 1000; ++round) {
        Scene scene = any_scene(random);
        const auto changes = divide(scene.free, scene.homes);
        std::shuffle(scene.homes.begin(), scene.homes.end(), random);
        ASSERT_EQ(divide(scene.free, scene.homes), changes) << "round " << round;
    }
}

TEST(Divide, TakesTheLargestNumbers) {
    const std::uint64_t huge = std::uint64_t{1} << 61;
    const auto changes = divide(huge, {home("ann", kGiB, kGiB, 10000)});
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].to, 5 * kMiB * kMiB);
}

TEST(NextDivision, ComesSoonerWhereRoomIsScarce) {
    constexpr std::uint64_t kMinute = 60'000'000;
    EXPECT_EQ(next_division_usec(0), kMinute);
    EXPECT_EQ(next_division_usec(kMiB), kMinute);
    EXPECT_EQ(next_division_usec(kGiB), 8 * 15 * kMinute / 26);
    EXPECT_EQ(next_division_usec(UINT64_MAX), 15 * kMinute);
}

}  // namespace
}  // namespace hearth::service
