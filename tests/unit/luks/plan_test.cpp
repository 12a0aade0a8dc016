// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/luks/plan.hpp"

#include <gtest/gtest.h>

#include "host.hpp"
#include "plugins/luks/rekey.hpp"

namespace hearth::luks {
namespace {

using Slots = std::vector<KeySlot>;
const KeySlot kOld{0, "0123456789abcdef"};
const KeySlot kKept{1, "1111111111111111"};
const KeySlot kNew{2, "fedcba9876543210"};
const KeySlot kStranger{0, "2222222222222222"};

Plan plan() {
    return {{kOld}, {kKept}, {kNew}};
}

TEST(LuksPlan, ComesBackFromItsNote) {
    EXPECT_EQ(to_note(plan()),
              "old 0 0123456789abcdef\nkeep 1 1111111111111111\nnew 2 fedcba9876543210\n");
    EXPECT_EQ(*parse_plan(to_note(plan())), plan());
    EXPECT_EQ(*parse_plan(""), Plan{});
}

TEST(LuksPlan, RefusesNotesThatItDidNotWrite) {
    for (const char* note :
         {"old 0 0123456789abcdef", "old 0 0123456789abcde\n", "old 0 0123456789abcdefa\n",
          "old x 0123456789abcdef\n", "old -1 0123456789abcdef\n", "old 32 0123456789abcdef\n",
          "odd 0 0123456789abcdef\n", "old 0 0123456789ABCDEF\n", "\n", "old 0  0123456789abcde\n"})
        EXPECT_FALSE(parse_plan(note)) << note;
}

TEST(LuksPlan, DropsTheOldSlotsOnceTheNewAreThere) {
    EXPECT_EQ(to_drop_after(plan(), {kOld, kKept, kNew}), Slots{kOld});
    EXPECT_EQ(to_drop_after(plan(), {kKept, kNew}), Slots{});
}

TEST(LuksPlan, DropsNothingWhileANewSlotIsMissing) {
    EXPECT_EQ(to_drop_after(plan(), {kOld, kKept}), Slots{});
    EXPECT_EQ(to_drop_after({{kOld}, {}, {}}, {kOld, kNew}), Slots{});
}

TEST(LuksPlan, LeavesASlotOfTheSameNumberThatIsAnother) {
    EXPECT_EQ(to_drop_after(plan(), {kStranger, kKept, kNew}), Slots{});
}

TEST(LuksPlan, TakesTheNewSlotsBack) {
    EXPECT_EQ(to_drop_undoing(plan(), {kOld, kKept, kNew}), Slots{kNew});
    EXPECT_EQ(to_drop_undoing(plan(), {kOld, kKept}), Slots{});
}

TEST(LuksPlan, TakesThemBackEvenIfItDidNotComeToKnowThem) {
    EXPECT_EQ(to_drop_undoing({{kOld}, {kKept}, {}}, {kOld, kKept, kNew}), Slots{kNew});
}

TEST(LuksPlan, TakesNothingBackWhenAnOldSlotIsGone) {
    EXPECT_EQ(to_drop_undoing(plan(), {kKept, kNew}), Slots{});
    EXPECT_EQ(to_drop_undoing(plan(), {kOld, kNew}), Slots{});
}

hearth_credential credential(std::uint32_t kind, const hearth_secret* secret) {
    return {sizeof(hearth_credential), kind, {}, secret};
}

TEST(LuksPlan, KeepsTheSlotWhoseSecretIsNotHere) {
    test::FakeHost host;
    const auto word = test::secret_of(host, "word");
    const std::vector<hearth_credential> list{
        credential(HEARTH_CREDENTIAL_PASSWORD, word.view().handle()),
        credential(HEARTH_CREDENTIAL_RECOVERY, nullptr)};
    const auto made = plan_change({kOld, kKept}, {}, 0, list);
    ASSERT_TRUE(made);
    EXPECT_EQ(*made, (Plan{{kOld}, {kKept}, {}}));
    EXPECT_EQ(plan_change({kOld, kKept}, {}, 1, list)->kept, Slots{kOld});
}

TEST(LuksPlan, DoesNotGuessWhichSlotToKeep) {
    test::FakeHost host;
    const auto word = test::secret_of(host, "word");
    std::vector<hearth_credential> list{
        credential(HEARTH_CREDENTIAL_PASSWORD, word.view().handle()),
        credential(HEARTH_CREDENTIAL_RECOVERY, nullptr)};
    EXPECT_EQ(plan_change({kOld, kKept, kNew}, {}, 0, list).error().code(), HEARTH_E_BAD_SECRET);
    EXPECT_EQ(plan_change({kOld, kKept}, {}, -1, list).error().code(), HEARTH_E_BAD_SECRET);
    EXPECT_EQ(plan_change({kOld}, {}, 0, list).error().code(), HEARTH_E_BAD_SECRET);
    list[1].kind = HEARTH_CREDENTIAL_TOKEN;
    EXPECT_EQ(plan_change({kOld}, {}, 0, list).error().code(), HEARTH_E_NEED_TOKEN);
}

hearth_credential token(unsigned char number) {
    auto out = credential(HEARTH_CREDENTIAL_TOKEN, nullptr);
    out.id[0] = number;
    return out;
}

TEST(LuksPlan, KeepsTheSlotsThatTheHeaderSaysAreOfTokensThatAreElsewhere) {
    test::FakeHost host;
    const auto word = test::secret_of(host, "word");
    const SlotOwners owners{{kKept.mark, owner_of(token(1))}, {kNew.mark, owner_of(token(2))}};
    std::vector<hearth_credential> list{
        credential(HEARTH_CREDENTIAL_PASSWORD, word.view().handle()), token(2)};
    EXPECT_EQ(*plan_change({kOld, kKept, kNew}, owners, 0, list),
              (Plan{{kOld, kKept}, {kNew}, {}}));
    EXPECT_EQ(plan_change({kOld, kKept, kNew}, owners, -1, list)->kept, Slots{kNew});
    list.push_back(token(3));
    EXPECT_EQ(plan_change({kOld, kKept, kNew}, owners, 1, list)->kept, (Slots{kOld, kNew}));
    EXPECT_EQ(plan_change({kOld, kNew}, owners, 0, list).error().code(), HEARTH_E_NEED_TOKEN);
}

TEST(LuksSlotOwners, ComeBackFromTheirTokenForSlotsThatAreThere) {
    const SlotOwners owners{{kKept.mark, owner_of(token(1))}, {kNew.mark, owner_of(token(2))}};
    EXPECT_EQ(parse_owners(to_json(owners, {kOld, kKept, kNew})), owners);
    EXPECT_EQ(parse_owners(to_json(owners, {kKept})), (SlotOwners{*owners.find(kKept.mark)}));
}

TEST(LuksSlotOwners, OfADamagedTokenTellNothing) {
    for (const char* json :
         {"", "{", "[]", R"({"owners":1})", R"({"owners":{"x":"0123456789abcdef"}})",
          R"({"owners":{"0123456789abcdef":7}})", R"({"owners":{"0123456789abcdef":"short"}})"})
        EXPECT_TRUE(parse_owners(json).empty()) << json;
}

}  // namespace
}  // namespace hearth::luks
