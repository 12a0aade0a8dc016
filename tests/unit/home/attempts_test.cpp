// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/attempts.hpp"

#include <gtest/gtest.h>

namespace hearth::home {
namespace {

constexpr std::uint64_t kNow = 1'800'000'000'000'000;
constexpr std::uint64_t kSecond = 1'000'000;
const record::Machine kMachine{"0123456789abcdef0123456789abcdef", ""};

record::UserRecord limited() {
    return record::UserRecord::parse(
               R"({"userName":"ada","rateLimitBurst":2,"rateLimitIntervalUSec":10000000})")
        .value();
}

std::uint64_t status(const record::UserRecord& record, const char* field) {
    const auto value = record.status(kMachine.id, field);
    return value ? value->number().value_or(0) : 0;
}

TEST(Attempts, AreRefusedBeyondTheLimitAndSayWhenToComeBack) {
    auto record = limited();
    EXPECT_TRUE(count_attempt(record, kMachine, kNow).has_value());
    EXPECT_TRUE(count_attempt(record, kMachine, kNow + kSecond).has_value());
    const auto third = count_attempt(record, kMachine, kNow + 2 * kSecond);
    ASSERT_FALSE(third.has_value());
    EXPECT_EQ(third.error().id(), "too-many-attempts");
    EXPECT_NE(third.error().hint().find("8 s"), std::string::npos);
}

TEST(Attempts, AreAllowedAgainWhenTheIntervalIsOver) {
    auto record = limited();
    for (int i = 0; i < 3; ++i) (void)count_attempt(record, kMachine, kNow);
    EXPECT_TRUE(count_attempt(record, kMachine, kNow + 10 * kSecond).has_value());
}

TEST(Attempts, StartAnewWhenTheClockWasSetBack) {
    auto record = limited();
    for (int i = 0; i < 3; ++i) (void)count_attempt(record, kMachine, kNow);
    EXPECT_TRUE(count_attempt(record, kMachine, kNow - 1).has_value());
}

TEST(Attempts, CountGoodAndBadEnds) {
    auto record = limited();
    count_good(record, kMachine, kNow);
    count_bad(record, kMachine, kNow + 1);
    count_bad(record, kMachine, kNow + 2);
    EXPECT_EQ(status(record, "goodAuthenticationCounter"), 1U);
    EXPECT_EQ(status(record, "lastGoodAuthenticationUSec"), kNow);
    EXPECT_EQ(status(record, "badAuthenticationCounter"), 2U);
    EXPECT_EQ(status(record, "lastBadAuthenticationUSec"), kNow + 2);
}

TEST(Attempts, DoNotOverflowTheCounter) {
    auto record = limited();
    record.set_status(kMachine.id, "badAuthenticationCounter", UINT64_MAX);
    count_bad(record, kMachine, kNow);
    EXPECT_EQ(status(record, "badAuthenticationCounter"), UINT64_MAX);
}

}  // namespace
}  // namespace hearth::home
