// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/size.hpp"

#include <gtest/gtest.h>

namespace hearth::operation {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

record::Effective record_with(const std::string& fields) {
    const auto record = record::UserRecord::parse(R"({"userName":"ann")" + fields + "}").value();
    return {record, {"00000000000000000000000000000001", "here"}};
}

std::string per_machine(const std::string& fields) {
    return R"(,"perMachine":[{"matchMachineId":"00000000000000000000000000000001",)" + fields +
           "}]";
}

plugin::Usage usage() {
    plugin::Usage out;
    out.size = 100 * kMiB;
    out.used = 20 * kMiB;
    out.floor = 21 * kMiB;
    out.ceiling = 1000 * kMiB;
    return out;
}

TEST(ChooseSize, TakesANumberOfBytesAsItIs) {
    const auto goal = choose_size(50 * kMiB, record_with(""), usage());
    ASSERT_TRUE(goal.has_value());
    EXPECT_EQ(goal->bytes, 50 * kMiB);
    EXPECT_EQ(goal->flags, 0U);
}

TEST(ChooseSize, AsksForTheSmallestAndTheLargest) {
    EXPECT_EQ(choose_size(kSmallestSize, record_with(""), usage())->flags, HEARTH_RESIZE_MIN);
    EXPECT_EQ(choose_size(kLargestSize, record_with(""), usage())->flags, HEARTH_RESIZE_MAX);
}

TEST(ChooseSize, ReadsTheRecordWhenNoneIsNamed) {
    const auto exact = record_with(per_machine(R"("diskSize":52428800)"));
    EXPECT_EQ(choose_size(kRecordedSize, exact, usage())->bytes, 50 * kMiB);
    const auto half = record_with(per_machine(R"("diskSizeRelative":2147483648)"));
    EXPECT_EQ(choose_size(kRecordedSize, half, usage())->bytes / kMiB, 500U);
    const auto largest = record_with(per_machine(R"("diskSize":18446744073709551614)"));
    EXPECT_EQ(choose_size(kRecordedSize, largest, usage())->flags, HEARTH_RESIZE_MAX);
}

TEST(ChooseSize, RefusesWhereNeitherSays) {
    EXPECT_EQ(choose_size(kRecordedSize, record_with(""), usage()).error().id(), "size-missing");
    auto unknown = usage();
    unknown.ceiling = HEARTH_UNKNOWN_SIZE;
    const auto half = record_with(per_machine(R"("diskSizeRelative":2147483648)"));
    EXPECT_EQ(choose_size(kRecordedSize, half, unknown).error().id(), "size-missing");
}

TEST(ChooseSize, RefusesLessThanWhatIsInTheHome) {
    EXPECT_TRUE(choose_size(21 * kMiB, record_with(""), usage()).has_value());
    const auto refused = choose_size(21 * kMiB - 1, record_with(""), usage());
    EXPECT_EQ(refused.error().id(), "size-too-small");
    EXPECT_EQ(refused.error().code(), Code::bad_size);
    auto unknown = usage();
    unknown.floor = HEARTH_UNKNOWN_SIZE;
    EXPECT_TRUE(choose_size(1, record_with(""), unknown).has_value());
}

std::string verdict(const std::vector<std::string>& can, bool active, const SizeGoal& goal) {
    plugin::StorageManifest storage;
    storage.name = "vault";
    storage.can = can;
    const auto result = check_can_resize(storage, "ann", active, usage(), goal);
    return result ? "yes" : result.error().id();
}

TEST(CanResize, FollowsTheManifest) {
    const SizeGoal grow{200 * kMiB, 0};
    const SizeGoal shrink{50 * kMiB, 0};
    EXPECT_EQ(verdict({}, true, grow), "size-fixed");
    EXPECT_EQ(verdict({"quota"}, false, shrink), "size-fixed");
    for (const bool active : {true, false}) {
        EXPECT_EQ(verdict({"resize-online", "resize-offline"}, active, grow), "yes");
        EXPECT_EQ(verdict({"resize-online", "resize-offline"}, active, shrink), "yes");
    }
    EXPECT_EQ(verdict({"grow-online", "shrink-offline"}, true, grow), "yes");
    EXPECT_EQ(verdict({"grow-online", "shrink-offline"}, true, shrink), "size-needs-inactive");
    EXPECT_EQ(verdict({"grow-online", "shrink-offline"}, false, grow), "size-needs-active");
    EXPECT_EQ(verdict({"grow-online"}, false, {0, HEARTH_RESIZE_MIN}), "size-fixed");
    EXPECT_EQ(verdict({"grow-online"}, true, {0, HEARTH_RESIZE_MAX}), "yes");
}

}  // namespace
}  // namespace hearth::operation
