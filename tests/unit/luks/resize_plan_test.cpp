// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/luks/resize_plan.hpp"

#include <gtest/gtest.h>

namespace hearth::luks {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr Bounds kBounds{100 * kMiB, 50 * kMiB + 5, 400 * kMiB};

std::uint64_t goal(std::uint64_t bytes, hearth_flags flags = 0, const Bounds& bounds = kBounds) {
    const auto chosen = choose_goal(bytes, flags, bounds);
    return chosen ? *chosen / kMiB : 0;
}

hearth_status why(std::uint64_t bytes, const Bounds& bounds = kBounds) {
    return choose_goal(bytes, 0, bounds).error().code();
}

TEST(ResizeGoal, IsWhatWasAskedForInWholeMiB) {
    EXPECT_EQ(goal(200 * kMiB), 200U);
    EXPECT_EQ(goal(200 * kMiB + 5), 200U);
    EXPECT_EQ(goal(51 * kMiB), 51U);
    EXPECT_EQ(goal(100 * kMiB + 1), 100U);
}

TEST(ResizeGoal, KnowsTheSmallestAndTheLargest) {
    EXPECT_EQ(goal(0, HEARTH_RESIZE_MIN), 51U);
    EXPECT_EQ(goal(0, HEARTH_RESIZE_MAX), 400U);
    // Neither turns round.
    EXPECT_EQ(goal(0, HEARTH_RESIZE_MIN, {100 * kMiB, 120 * kMiB, 400 * kMiB}), 100U);
    EXPECT_EQ(goal(0, HEARTH_RESIZE_MAX, {100 * kMiB, 50 * kMiB, 80 * kMiB}), 100U);
}

TEST(ResizeGoal, GoesOnlyWhereItMay) {
    EXPECT_EQ(goal(200 * kMiB, HEARTH_RESIZE_SHRINK_ONLY), 100U);
    EXPECT_EQ(goal(80 * kMiB, HEARTH_RESIZE_GROW_ONLY), 100U);
    EXPECT_EQ(goal(200 * kMiB, HEARTH_RESIZE_GROW_ONLY), 200U);
}

TEST(ResizeGoal, SaysWhatIsNotPossible) {
    EXPECT_EQ(why(50 * kMiB), HEARTH_E_BAD_SIZE);
    EXPECT_EQ(why(401 * kMiB), HEARTH_E_NO_SPACE);
    // A home that is larger than the disk could bear today may still become smaller.
    EXPECT_EQ(goal(90 * kMiB, 0, {100 * kMiB, 50 * kMiB, 80 * kMiB}), 90U);
}

TEST(ResizeGoal, LeavesTheHostALittle) {
    EXPECT_EQ(ceiling_of(100 * kMiB, 10 * kMiB), 100 * kMiB);
    EXPECT_EQ(ceiling_of(100 * kMiB, 100 * kMiB), 184 * kMiB);
    EXPECT_EQ(ceiling_of(0, 1000 * 1000 * kMiB), 980 * 1000 * kMiB);
}

Shape shape(std::uint64_t size, std::uint32_t sector) {
    Shape out;
    out.image = size;
    out.table = *plan_table(size, sector, *random_uuid(), "ann", *random_uuid());
    out.volume = extent_of(*out.table, out.table->partitions.front());
    return out;
}

TEST(ResizeShape, EndsAtTheLastWholeMiBAndKeepsEverythingElse) {
    for (const std::uint32_t sector : {512U, 1024U, 2048U, 4096U}) {
        const Shape small = shape(64 * kMiB, sector);
        const auto large = with_size(small, 128 * kMiB);
        ASSERT_TRUE(large);
        EXPECT_EQ(large->volume.offset, small.volume.offset);
        EXPECT_EQ(large->volume.size, small.volume.size + 64 * kMiB);
        EXPECT_EQ(large->table->disk, small.table->disk);
        EXPECT_EQ(large->table->partitions[0].id, small.table->partitions[0].id);
        EXPECT_EQ(*with_size(*large, 64 * kMiB), small);
    }
}

TEST(ResizeShape, OfAVolumeWithoutATableIsTheFile) {
    const Shape bare{64 * kMiB, {0, 64 * kMiB}, std::nullopt};
    EXPECT_EQ(with_size(bare, 80 * kMiB)->volume, (Extent{0, 80 * kMiB}));
}

TEST(ResizeShape, CannotPushWhatLiesBehind) {
    Shape two = shape(64 * kMiB, 512);
    Partition& home = two.table->partitions[0];
    Partition other = home;
    other.slot = 1;
    home.last = 40 * kMiB / 512 - 1;
    other.first = home.last + 1;
    two.table->partitions.push_back(other);
    EXPECT_EQ(with_size(two, 128 * kMiB).error().code(), HEARTH_E_NOT_SUPPORTED);
}

TEST(ResizeShape, HasToHoldThePartition) {
    EXPECT_EQ(with_size(shape(64 * kMiB, 512), kMiB).error().code(), HEARTH_E_BAD_SIZE);
}

TEST(ResizeNote, SaysBothSizes) {
    const SizeChange change{64 * kMiB, UINT64_MAX};
    EXPECT_EQ(parse_size_change(to_note(change)), change);
    for (const char* text :
         {"", "size", "size 1", "size 1 2", "size 1 2\n3", "old 0 0123", "size x 2\n"})
        EXPECT_EQ(parse_size_change(text), std::nullopt) << text;
}

}  // namespace
}  // namespace hearth::luks
