// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/journal.hpp"

#include <gtest/gtest.h>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::operation {
namespace {

Intent example() {
    Intent intent;
    intent.op_id = 0xfedcba9876543210U;
    intent.verb = Verb::create;
    intent.user = "ada";
    intent.storage = "directory";
    intent.record = record::UserRecord::parse(R"({"userName":"ada"})").value();
    return intent;
}

TEST(Journal, IsReadBackByAnotherProcess) {
    const home::TempRoot temp;
    Journal journal(temp.root(), "ada");
    ASSERT_TRUE(journal.begin(example(), system::Durability::atomic).has_value());
    ASSERT_TRUE(journal.set_note(std::string("\0\x01\xff", 3)).has_value());
    ASSERT_TRUE(journal.set_phase(Phase::committing).has_value());
    const auto left = Journal::left_behind(temp.root(), "ada");
    ASSERT_TRUE(left.has_value()) << left.error().one_line();
    ASSERT_TRUE(left->has_value());
    EXPECT_EQ((*left)->op_id, 0xfedcba9876543210U);
    EXPECT_EQ((*left)->verb, Verb::create);
    EXPECT_EQ((*left)->phase, Phase::committing);
    EXPECT_EQ((*left)->note, std::string("\0\x01\xff", 3));
    EXPECT_EQ((*left)->record->canonical(), R"({"userName":"ada"})");
    EXPECT_TRUE(journal.sync().has_value());
}

TEST(Journal, IsGoneAfterClear) {
    const home::TempRoot temp;
    Journal journal(temp.root(), "ada");
    ASSERT_TRUE(journal.begin(example(), system::Durability::atomic).has_value());
    ASSERT_TRUE(journal.clear().has_value());
    EXPECT_FALSE(Journal::left_behind(temp.root(), "ada")->has_value());
}

TEST(Journal, TakesANumberBelowZeroForDamage) {
    const auto intent = parse_intent(
        R"({"format":1,"operation":-1,"verb":"create","phase":0,"note":"","user":"ada"})");
    ASSERT_FALSE(intent.has_value());
    EXPECT_EQ(intent.error().id(), "journal-damaged");
}

TEST(Journal, SaysNothingAboutUsersItDoesNotKnow) {
    const home::TempRoot temp;
    EXPECT_FALSE(Journal::left_behind(temp.root(), "ada")->has_value());
}

TEST(Journal, RefusesDamageAndLeavesTheFileAlone) {
    const home::TempRoot temp;
    Journal journal(temp.root(), "ada");
    ASSERT_TRUE(journal.begin(example(), system::Durability::atomic).has_value());
    temp.write("/var/lib/systemd/home/hearth/journal/ada.journal", "{\"format\":1");
    EXPECT_EQ(Journal::left_behind(temp.root(), "ada").error().id(), "journal-damaged");
    EXPECT_EQ(Journal::left_behind(temp.root(), "ada").error().id(), "journal-damaged");
}

TEST(Journal, ChangesItsPhaseAndNothingElse) {
    const home::TempRoot temp;
    Journal journal(temp.root(), "ada");
    Intent intent = example();
    intent.record =
        record::UserRecord::parse(R"({"a":{"phase":7},"phase":7,"userName":"ada"})").value();
    ASSERT_TRUE(journal.begin(std::move(intent), system::Durability::atomic).has_value());
    for (const Phase phase : {Phase::committing, Phase::recorded, Phase::begun}) {
        ASSERT_TRUE(journal.set_phase(phase).has_value());
        const auto left = Journal::left_behind(temp.root(), "ada");
        ASSERT_TRUE(left.has_value()) << left.error().one_line();
        EXPECT_EQ((*left)->phase, phase);
        EXPECT_EQ(to_text(**left), to_text(journal.intent()));
    }
}

TEST(Journal, OfAnActivationThatAPowerCutEmptiedAsksForNothing) {
    const home::TempRoot temp;
    Journal journal(temp.root(), "ada");
    Intent intent = example();
    intent.verb = Verb::activate;
    ASSERT_TRUE(journal.begin(std::move(intent), system::Durability::atomic).has_value());
    temp.write("/var/lib/systemd/home/hearth/journal/ada.journal", "");
    const auto left = Journal::left_behind(temp.root(), "ada");
    ASSERT_TRUE(left.has_value()) << left.error().one_line();
    EXPECT_FALSE(left->has_value());
}

TEST(Journal, RefusesUnknownMembersOutOfRange) {
    for (const char* text :
         {R"({"format":2})", R"({"format":1,"verb":"dance","phase":0,"note":"","operation":1})",
          R"({"format":1,"verb":"create","phase":9,"note":"","operation":1})",
          R"({"format":1,"verb":"create","phase":0,"note":"0","operation":1})",
          R"({"format":1,"verb":"create","phase":0,"note":"zz","operation":1})"}) {
        EXPECT_EQ(parse_intent(text).error().id(), "journal-damaged") << text;
    }
}

TEST(Verbs, AreSpelledTheSameBothWays) {
    for (const char* text : {"create", "activate", "deactivate", "update", "passwd", "remove",
                             "adopt", "authenticate", "recover"}) {
        ASSERT_TRUE(parse_verb(text).has_value()) << text;
        EXPECT_EQ(to_text(*parse_verb(text)), text);
    }
    EXPECT_FALSE(parse_verb("dance").has_value());
}

}  // namespace
}  // namespace hearth::operation
