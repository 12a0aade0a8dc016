// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/password_age.hpp"

#include <gtest/gtest.h>

namespace hearth::record {
namespace {

/// At 1000 µs since 1970, of a password that was changed at 500.
PasswordTerm term(const std::string& fields, std::uint64_t now = 1000) {
    const auto record = UserRecord::parse(R"({"userName":"anna")" + fields + "}");
    return password_term(Effective(record.value(), {}), now);
}

PasswordAge age(const std::string& rules, std::uint64_t now = 1000) {
    return term(R"(,"lastPasswordChangeUSec":500)" + rules, now).age;
}

TEST(PasswordTerm, WithoutRulesIsFine) {
    EXPECT_EQ(term("").age, PasswordAge::fine);
    EXPECT_EQ(term("").expires, UINT64_MAX);
    EXPECT_EQ(age(R"(,"passwordChangeWarnUSec":5)"), PasswordAge::fine);
}

TEST(PasswordTerm, EndsAfterTheGreatestAge) {
    const std::string rule = R"(,"passwordChangeMaxUSec":500)";
    EXPECT_EQ(age(rule, 999), PasswordAge::fine);
    EXPECT_EQ(age(rule, 1000), PasswordAge::expired);
    EXPECT_EQ(age(rule, 1ULL << 60), PasswordAge::expired);
    EXPECT_EQ(term(R"(,"lastPasswordChangeUSec":500)" + rule).expires, 1000U);
}

TEST(PasswordTerm, IsAnnouncedForAsLongAsTheRecordSays) {
    const std::string rule = R"(,"passwordChangeMaxUSec":600,"passwordChangeWarnUSec":100)";
    EXPECT_EQ(age(rule, 999), PasswordAge::fine);
    EXPECT_EQ(age(rule, 1000), PasswordAge::expires_soon);
    EXPECT_EQ(age(rule, 1099), PasswordAge::expires_soon);
    EXPECT_EQ(age(R"(,"passwordChangeMaxUSec":18446744073709551615)"), PasswordAge::fine);
}

TEST(PasswordTerm, IsOverForGoodAfterTheInactiveTimeOrIfItMayNotBeChanged) {
    const std::string rule = R"(,"passwordChangeMaxUSec":100,"passwordChangeInactiveUSec":)";
    EXPECT_EQ(age(rule + "401"), PasswordAge::expired);
    EXPECT_EQ(age(rule + "400"), PasswordAge::dead);
    EXPECT_EQ(age(R"(,"passwordChangeMaxUSec":100,"passwordChangeMinUSec":501)"),
              PasswordAge::dead);
}

TEST(PasswordTerm, IsNotOverWhileThePasswordIsYoung) {
    EXPECT_EQ(age(R"(,"passwordChangeMinUSec":501)"), PasswordAge::cannot_change);
    EXPECT_EQ(age(R"(,"passwordChangeMinUSec":500)"), PasswordAge::fine);
    EXPECT_EQ(age(R"(,"passwordChangeMinUSec":501,"passwordChangeMaxUSec":600)"
                  R"(,"passwordChangeWarnUSec":600)"),
              PasswordAge::cannot_change);
}

TEST(PasswordTerm, MayBeNowOrUnknown) {
    EXPECT_EQ(age(R"(,"passwordChangeNow":true)"), PasswordAge::change_now);
    EXPECT_EQ(term(R"(,"passwordChangeMaxUSec":5)").age, PasswordAge::no_timestamp);
    EXPECT_EQ(age(R"(,"passwordChangeMaxUSec":5)", 499), PasswordAge::from_the_future);
}

}  // namespace
}  // namespace hearth::record
