// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "forgetful_ground.hpp"
#include "plugins/luks/resize_steps.hpp"

namespace hearth::luks {
namespace {

using test::ForgetfulGround;
constexpr std::uint64_t kMiB = gpt::kMiB;

Settings settings() {
    Settings out;
    out.label = "ann";
    return out;
}

/// One home that grows, shrinks and is filled, and is interrupted again and again.
class Life {
  public:
    explicit Life(std::uint32_t seed) : random_(seed), ground_(seed + 1) {
        constexpr std::array<std::uint32_t, 4> kSectors{512, 1024, 2048, 4096};
        shape_.image = (24 + random_() % 40) * kMiB;
        const std::size_t kind = random_() % 5;
        if (kind == kSectors.size()) {
            shape_.volume = {0, shape_.image};
        } else {
            shape_.table =
                *plan_table(shape_.image, kSectors[kind], *random_uuid(), "ann", *random_uuid());
            shape_.volume = extent_of(*shape_.table, shape_.table->partitions.front());
        }
        ground_.format(shape_);
        ground_.fill(6);
    }

    /// Nothing, or what went wrong.
    std::string live(int turns) {
        for (int i = 0; i < turns; ++i) {
            ground_.fill(random_() % 3);
            if (std::string wrong = change(); !wrong.empty())
                return "turn " + std::to_string(i) + ": " + wrong;
        }
        return {};
    }

  private:
    std::string change() {
        const auto to = with_size(shape_, (20 + random_() % 60) * kMiB);
        if (!to) return to.error().text();
        const SizeChange change{shape_.image, to->image};
        ground_.room = random_() % 8 == 0 ? shape_.image : UINT64_MAX;
        ground_.stop_after(random_() % 3 == 0 ? -1 : static_cast<int>(1 + random_() % 14));
        const bool larger = to->image >= shape_.image;
        const auto done = larger ? grow(ground_, shape_, *to) : shrink(ground_, shape_, *to);
        const bool killed = ground_.is_stopped();
        if (killed) ground_.start_again(random_() % 2 == 0);
        ground_.stop_after(-1);
        if (done && !killed) return settle(*to, *to);
        if (std::string wrong = recover(change); !wrong.empty()) return wrong;
        return settle(shape_, *to);
    }

    /// As often as it takes: recovery is interrupted as well.
    std::string recover(const SizeChange& change) {
        for (int i = 0; i < 2; ++i) {
            ground_.stop_after(static_cast<int>(1 + random_() % 6));
            static_cast<void>(mend(ground_, change));
            if (ground_.is_stopped()) ground_.start_again(random_() % 2 == 0);
            ground_.stop_after(-1);
        }
        const auto mended = mend(ground_, change);
        return mended ? std::string() : mended.error().text();
    }

    /// It opens, in one of two sizes, with all of its files.
    std::string settle(const Shape& one, const Shape& other) {
        const std::uint64_t length = *ground_.length();
        const auto found = shape_of(ground_.reader(), length, settings());
        if (!found) return found.error().text();
        if (!(*found == one) && !(*found == other))
            return "it has " + std::to_string(length / kMiB) + "M, not " +
                   std::to_string(one.image / kMiB) + "M or " + std::to_string(other.image / kMiB) +
                   "M";
        shape_ = *found;
        return ground_.look(shape_);
    }

    std::mt19937 random_;
    ForgetfulGround ground_;
    Shape shape_;
};

TEST(ResizeModel, AThousandLivesWithAllKindsOfAccidentsLoseNothing) {
    for (std::uint32_t seed = 1; seed <= 1000; ++seed)
        ASSERT_EQ(Life(seed * 7919).live(5), "") << "seed " << seed;
}

struct Steps : testing::Test {
    ForgetfulGround ground{1};
    Shape small = shape(32 * kMiB);
    Shape large = shape(48 * kMiB);

    static Shape shape(std::uint64_t size) {
        Shape out;
        out.image = size;
        out.table = *plan_table(size, 512, *parse_uuid("91032b5a-f907-904c-ba8a-fe819cf195c3"),
                                "ann", *parse_uuid("5c60623b-8d75-4df7-be89-97a924a4b03c"));
        out.volume = extent_of(*out.table, out.table->partitions.front());
        return out;
    }
    [[nodiscard]] std::uint64_t length() { return *ground.length(); }
};

TEST_F(Steps, WithoutRoomNothingChanges) {
    ground.format(small);
    ground.room = 40 * kMiB;
    EXPECT_EQ(grow(ground, small, large).error().code(), HEARTH_E_NO_SPACE);
    EXPECT_EQ(*shape_of(ground.reader(), length(), settings()), small);
}

TEST_F(Steps, AFileSystemThatIsTooFullIsNotCut) {
    ground.format(large);
    ground.fill(200);
    EXPECT_EQ(shrink(ground, large, shape(20 * kMiB)).error().code(), HEARTH_E_NO_SPACE);
    EXPECT_EQ(*shape_of(ground.reader(), length(), settings()), large);
    EXPECT_EQ(ground.look(large), "");
}

TEST_F(Steps, ATornFirstTableIsWrittenBackOnlyWhenAChangeWasInterrupted) {
    ground.format(small);
    ASSERT_TRUE(ground.write(512, Bytes(512)));
    const auto torn = shape_of(ground.reader(), length(), settings());
    EXPECT_EQ(torn.error().code(), HEARTH_E_CORRUPT);
    EXPECT_NE(torn.error().text().find("backup"), std::string::npos) << torn.error().text();
    ASSERT_TRUE(mend(ground, {small.image, large.image}));
    EXPECT_EQ(*shape_of(ground.reader(), length(), settings()), small);
}

TEST_F(Steps, ALargerFileThanItsTableSaysOpens) {
    ground.format(small);
    ASSERT_TRUE(ground.set_length(large.image));
    const auto found = shape_of(ground.reader(), length(), settings());
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(found->volume, small.volume);
    // Nobody has said that this is a change of ours.
    ASSERT_TRUE(mend(ground, {1 * kMiB, 2 * kMiB}));
    EXPECT_EQ(length(), large.image);
    ASSERT_TRUE(mend(ground, {small.image, large.image}));
    EXPECT_EQ(length(), small.image);
}

TEST_F(Steps, WithBothTablesGoneNothingIsInvented) {
    ground.format(small);
    ASSERT_TRUE(ground.write(1024, Bytes(512, 1)));
    ASSERT_TRUE(ground.write(small.image - 512, Bytes(512)));
    EXPECT_EQ(mend(ground, {small.image, large.image}).error().code(), HEARTH_E_CORRUPT);
}

}  // namespace
}  // namespace hearth::luks
