// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/fscrypt/plan.hpp"

#include <gtest/gtest.h>

namespace hearth::fscrypt {
namespace {

const Plan kPlan{{{0, {0x12, 0x34}}, {7, {0xff}}}, {{4294967295U, {0, 0, 0, 0, 0, 0, 0, 9}}}};

TEST(FscryptPlan, ReadsWhatItWrote) {
    const auto plan = parse_plan(to_note(kPlan));
    ASSERT_TRUE(plan) << plan.error().text();
    EXPECT_EQ(*plan, kPlan);
    EXPECT_EQ(*parse_plan(""), Plan{});
}

TEST(FscryptPlan, FitsIntoANoteWithEverySlotThatThereMayBe) {
    Plan plan;
    for (std::uint32_t i = 0; i < 32; ++i) plan.old_slots.push_back({UINT32_MAX - i, {}});
    EXPECT_LE(to_note(plan).size(), 4096U);
}

TEST(FscryptPlan, RefusesANoteThatIsCutShortOrChanged) {
    const std::string note = to_note(kPlan);
    for (std::size_t size = 1; size < note.size(); ++size) {
        if (note[size - 1] == '\n') continue;
        EXPECT_FALSE(parse_plan(note.substr(0, size))) << size;
    }
    for (const char* text :
         {"old 0\n", "old  0123456789abcdef\n", "old -1 0123456789abcdef\n",
          "old 0 0123456789abcdeg\n", "odd 0 0123456789abcdef\n", "old 0 0123456789abcdef \n",
          "old 4294967296 0123456789abcdef\n", "\n", "old 0 0123456789abcdef\n\n"})
        EXPECT_FALSE(parse_plan(text)) << text;
}

}  // namespace
}  // namespace hearth::fscrypt
