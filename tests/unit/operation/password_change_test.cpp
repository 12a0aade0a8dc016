// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/password_change.hpp"

#include <gtest/gtest.h>

namespace hearth::operation {
namespace {

const record::Machine kMachine{"0123456789abcdef0123456789abcdef", "host"};

/// Why the password of a record with these fields may not be changed at second 1000; empty: it may.
std::string refusal_of(const std::string& fields) {
    const auto record = record::UserRecord::parse(R"({"userName":"ada",)" + fields + "}").value();
    const auto result =
        check_may_change_password(record::Effective(record, kMachine), 1'000'000'000);
    return result ? "" : result.error().id();
}

TEST(PasswordChange, IsAllowedWhereNothingForbidsIt) {
    EXPECT_EQ(refusal_of(R"("x":1)"), "");
    EXPECT_EQ(refusal_of(R"("lastPasswordChangeUSec":999000000)"), "");
    EXPECT_EQ(refusal_of(R"("passwordChangeMinUSec":5000000)"), "");
    EXPECT_EQ(refusal_of(R"("passwordChangeMinUSec":5000000,"lastPasswordChangeUSec":995000000)"),
              "");
}

TEST(PasswordChange, IsRefusedBeforeTheLeastAge) {
    EXPECT_EQ(refusal_of(R"("passwordChangeMinUSec":5000000,"lastPasswordChangeUSec":995000001)"),
              "password-too-young");
    EXPECT_EQ(
        refusal_of(
            R"("passwordChangeMinUSec":18446744073709551615,"lastPasswordChangeUSec":995000001)"),
        "password-too-young");
    EXPECT_EQ(refusal_of(R"("lastPasswordChangeUSec":999000000,"perMachine":[{"matchMachineId":)"
                         R"("0123456789abcdef0123456789abcdef","passwordChangeMinUSec":5000000}])"),
              "password-too-young");
}

TEST(PasswordChange, IsRefusedOnceTheAccountIsDead) {
    constexpr const char* kTimes =
        R"("passwordChangeMaxUSec":400000000,"passwordChangeInactiveUSec":100000000,)";
    EXPECT_EQ(refusal_of(std::string(kTimes) + R"("lastPasswordChangeUSec":500000000)"),
              "password-too-old");
    EXPECT_EQ(refusal_of(std::string(kTimes) + R"("lastPasswordChangeUSec":500000001)"), "");
    EXPECT_EQ(refusal_of(R"("passwordChangeMaxUSec":400000000,"lastPasswordChangeUSec":500000000)"),
              "");
}

TEST(PasswordChange, IsAllowedWhereItIsDemanded) {
    EXPECT_EQ(
        refusal_of(
            R"("passwordChangeNow":true,"passwordChangeMinUSec":5000000,"lastPasswordChangeUSec":999000000)"),
        "");
}

TEST(PasswordChange, IsNotKeptFromAnybodyByAClockThatWasWrong) {
    EXPECT_EQ(refusal_of(R"("passwordChangeMinUSec":5000000,"lastPasswordChangeUSec":1000000001)"),
              "");
}

TEST(PasswordChange, IsNoLongerDemandedAfterwards) {
    auto record =
        record::UserRecord::parse(
            R"({"userName":"ada","passwordChangeNow":true,"perMachine":[{"matchHostname":"x",)"
            R"("passwordChangeNow":true},{"matchHostname":"y"}]})")
            .value();
    ASSERT_TRUE(note_changed_password(record, 7));
    EXPECT_EQ(record.canonical(),
              R"({"lastPasswordChangeUSec":7,"perMachine":[{"matchHostname":"x"},)"
              R"({"matchHostname":"y"}],"userName":"ada"})");
}

}  // namespace
}  // namespace hearth::operation
