// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/reconcile.hpp"

#include <gtest/gtest.h>

namespace hearth::record {
namespace {

/// A record of anna; `time` 0 means without one.
UserRecord anna(int time, const std::string& more = "") {
    std::string text = R"({"userName":"anna")";
    if (time > 0) text += R"(,"lastChangeUSec":)" + std::to_string(time);
    return std::move(UserRecord::parse(text + more + "}")).value();
}

struct Case {
    int host;
    int other;
    bool same;
    ReconcileMode mode;
    const char* outcome;  ///< host, identical, other, or the id of the error
};

std::string outcome(const Result<Reconciled>& result) {
    if (!result) return result.error().id();
    switch (result->winner) {
        case Winner::host:
            return "host";
        case Winner::identical:
            return "identical";
        case Winner::other:
            return "other";
    }
    return "";
}

class Reconcile : public testing::TestWithParam<Case> {};
TEST_P(Reconcile, DecidesByTime) {
    const auto& c = GetParam();
    const auto host = anna(c.host, R"(,"shell":"/bin/a")");
    const auto other = anna(c.other, c.same ? R"(,"shell":"/bin/a")" : R"(,"shell":"/bin/b")");
    EXPECT_EQ(outcome(reconcile(host, other, c.mode)), c.outcome);
}

using enum ReconcileMode;
INSTANTIATE_TEST_SUITE_P(
    Table, Reconcile,
    testing::Values(
        Case{5, 4, false, any, "host"}, Case{5, 4, false, require_newer, "host"},
        Case{5, 4, false, require_newer_or_equal, "host"}, Case{5, 0, false, any, "host"},
        Case{5, 5, true, any, "identical"}, Case{5, 5, true, require_newer, "record-mismatch"},
        Case{5, 5, true, require_newer_or_equal, "identical"}, Case{0, 0, true, any, "identical"},
        Case{5, 5, false, any, "host"}, Case{5, 5, false, require_newer, "host"},
        Case{5, 5, false, require_newer_or_equal, "host"}, Case{0, 0, false, any, "host"},
        Case{4, 5, false, any, "other"}, Case{4, 5, false, require_newer, "other"},
        Case{4, 5, false, require_newer_or_equal, "record-downgrade"},
        Case{0, 5, false, any, "other"}));

TEST(Reconcile, TheOtherCopyTakesOverTheBindingOfTheHost) {
    const auto host = anna(
        1,
        R"(,"binding":{"m":{"uid":60001}},"status":{"m":{"state":"x"}},"secret":{"password":[]})");
    const auto result = reconcile(host, anna(2, R"(,"x-new":1)"), ReconcileMode::any);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->record.canonical(),
              R"({"binding":{"m":{"uid":60001}},"lastChangeUSec":2,"userName":"anna","x-new":1})");
}

TEST(Reconcile, TheHostsCopyLosesItsSecretOnly) {
    const auto host = anna(2, R"(,"binding":{"m":{"uid":1}},"secret":{"password":[]})");
    const auto result = reconcile(host, anna(1), ReconcileMode::any);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->record.canonical(),
              R"({"binding":{"m":{"uid":1}},"lastChangeUSec":2,"userName":"anna"})");
}

TEST(Reconcile, IgnoresTheSignatureAndTheOrderOfKeysWhenItCompares) {
    const auto host = anna(1, R"(,"a":{"x":1,"y":2},"signature":[{"data":"AA=="}])");
    EXPECT_EQ(outcome(reconcile(host, anna(1, R"(,"a":{"y":2,"x":1})"), ReconcileMode::any)),
              "identical");
    EXPECT_EQ(outcome(reconcile(host, anna(1, R"(,"a":{"y":2,"x":1.0})"), ReconcileMode::any)),
              "host");
}

TEST(Reconcile, RefusesAnotherUserAndAnotherRealm) {
    const auto bob = std::move(UserRecord::parse(R"({"userName":"bob"})")).value();
    EXPECT_EQ(outcome(reconcile(anna(1), bob, ReconcileMode::any)), "record-of-another-user");
    EXPECT_EQ(outcome(reconcile(anna(1), anna(1, R"(,"realm":"x.org")"), ReconcileMode::any)),
              "record-of-another-user");
}

TEST(Reconcile, RefusesSectionsThatNeverTravel) {
    for (const char* section : {"binding", "status", "secret"})
        EXPECT_EQ(outcome(reconcile(anna(1), anna(2, std::string(",\"") + section + "\":{}"),
                                    ReconcileMode::any)),
                  "record-embedded-section");
}

TEST(CheckUpdate, TakesOnlyNewerOrTheSame) {
    EXPECT_TRUE(check_update(anna(1), anna(2, R"(,"x":1)")).has_value());
    EXPECT_TRUE(check_update(anna(1), anna(1)).has_value());
    EXPECT_EQ(check_update(anna(2), anna(1)).error().id(), "record-downgrade");
    EXPECT_EQ(check_update(anna(2), anna(0)).error().id(), "record-downgrade");
    EXPECT_EQ(check_update(anna(2), anna(2, R"(,"x":1)")).error().id(), "record-mismatch");
    EXPECT_EQ(check_update(anna(2), anna(3, R"(,"realm":"x.org")")).error().id(),
              "record-of-another-user");
}

}  // namespace
}  // namespace hearth::record
