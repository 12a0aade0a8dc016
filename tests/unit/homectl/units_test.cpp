// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/units.hpp"

#include <gtest/gtest.h>

#include "hosts/homectl/output/format.hpp"

namespace hearth::homectl {
namespace {

constexpr std::uint64_t kNow = 1'800'000'000'000'000;  // 2027-01-15 08:00:00 UTC

TEST(Units, ReadsBothSpellingsOfABoolean) {
    for (const char* yes : {"1", "yes", "y", "true", "t", "on", "Yes", "ON"})
        EXPECT_EQ(parse_bool(yes), true) << yes;
    for (const char* no : {"0", "no", "n", "false", "f", "off"})
        EXPECT_EQ(parse_bool(no), false) << no;
    for (const char* bad : {"", "2", "maybe", "yess", " yes"}) EXPECT_FALSE(parse_bool(bad)) << bad;
}

TEST(Units, ReadsSizesWithTheirLetters) {
    EXPECT_EQ(parse_size("0"), 0U);
    EXPECT_EQ(parse_size("18446744073709551615"), kInfinity);
    EXPECT_EQ(parse_size("100B"), 100U);
    EXPECT_EQ(parse_size("4K"), 4096U);
    EXPECT_EQ(parse_size("1.5M"), 1572864U);
    EXPECT_EQ(parse_size("5G"), 5368709120U);
    EXPECT_EQ(parse_size("5 GiB"), 5368709120U);
    EXPECT_EQ(parse_size("1E"), 1152921504606846976U);
}

TEST(Units, RefusesSizesThatAreNone) {
    for (const char* bad :
         {"", "K", "-1", "5X", "5GG", "5k", "1e3", "99E", "nan", "inf", "0x10", "5G "})
        EXPECT_FALSE(parse_size(bad)) << bad;
}

TEST(Units, ReadsSharesOfTheWhole) {
    EXPECT_EQ(parse_share("100%"), kShareOfAll);
    EXPECT_EQ(parse_share("0%"), 0U);
    EXPECT_EQ(parse_share("50%"), 2147483648U);
    EXPECT_EQ(parse_share("500\u2030"), 2147483648U);
    for (const char* bad : {"", "%", "101%", "-1%", "50", "50%%"})
        EXPECT_FALSE(parse_share(bad)) << bad;
}

TEST(Units, ReadsTimeSpans) {
    EXPECT_EQ(parse_span("30"), 30'000'000U);
    EXPECT_EQ(parse_span("500ms"), 500'000U);
    EXPECT_EQ(parse_span("1h 30min"), 5'400'000'000U);
    EXPECT_EQ(parse_span("1h30min"), 5'400'000'000U);
    EXPECT_EQ(parse_span("2d"), 172'800'000'000U);
    EXPECT_EQ(parse_span("1 week"), 604'800'000'000U);
    EXPECT_EQ(parse_span("infinity"), kInfinity);
    for (const char* bad : {"", " ", "s", "5parsecs", "-5s", "5 s x", "99999999999999y"})
        EXPECT_FALSE(parse_span(bad)) << bad;
}

TEST(Units, ReadsPointsInTime) {
    EXPECT_EQ(parse_timestamp("now", kNow), kNow);
    EXPECT_EQ(parse_timestamp("@1800000000", 0), kNow);
    EXPECT_EQ(parse_timestamp("2027-01-15 08:00:00 UTC", 0), kNow);
    EXPECT_EQ(parse_timestamp("Fri 2027-01-15 08:00 Z", 0), kNow);
    EXPECT_EQ(parse_timestamp("2027-01-15 10:00:00 +02:00", 0), kNow);
    EXPECT_EQ(parse_timestamp("+1h", kNow), kNow + 3'600'000'000);
    EXPECT_EQ(parse_timestamp("1h ago", kNow), kNow - 3'600'000'000);
    EXPECT_EQ(parse_timestamp("2028-02-29 00:00 UTC", 0), 1'835'395'200'000'000U);
    for (const char* bad : {"", "2027-02-29", "2027-13-01", "27-01-01", "2027-01-15 25:00",
                            "2027-01-15 08:00 Mars", "soon"})
        EXPECT_FALSE(parse_timestamp(bad, kNow)) << bad;
}

TEST(Units, ShowsNumbersAsPeopleReadThem) {
    EXPECT_EQ(format_size(512), "512B");
    EXPECT_EQ(format_size(5368709120), "5.0G");
    EXPECT_EQ(format_span(60'000'000), "1min");
    EXPECT_EQ(format_span(5'400'000'000), "1h 30min");
    EXPECT_EQ(format_span(kInfinity), "infinity");
    EXPECT_EQ(format_mode(0700), "0700");
    EXPECT_EQ(format_share(kShareOfAll), "100.0%");
}

}  // namespace
}  // namespace hearth::homectl
