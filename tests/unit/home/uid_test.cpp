// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/uid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hearth::home {
namespace {

const UidTaken kNobody = [](uid_t) { return false; };

TEST(Uid, StartsWhereSystemdHomedStarts) {
    // From the records of homes that release 252 made.
    EXPECT_EQ(preferred_uid("fixdir"), 60136U);
}

TEST(Uid, TakesTheOwnersNumberIfItIsFree) {
    EXPECT_EQ(allocate_uid("fixdir", 60400, kNobody).value(), 60400U);
}

TEST(Uid, IgnoresAnOwnerOutsideTheRange) {
    EXPECT_EQ(allocate_uid("fixdir", 1000, kNobody).value(), 60136U);
}

TEST(Uid, TakesAnotherNumberWhenAHomeHasThePreferredOne) {
    const UidTaken taken = [](uid_t uid) { return uid == 60136; };
    const auto uid = allocate_uid("fixdir", std::nullopt, taken);
    ASSERT_TRUE(uid.has_value());
    EXPECT_NE(*uid, 60136U);
    EXPECT_GE(*uid, kFirstHomeUid);
    EXPECT_LE(*uid, kLastHomeUid);
}

TEST(Uid, SaysSoWhenTheRangeIsUsedUp) {
    const auto uid = allocate_uid("fixdir", std::nullopt, [](uid_t) { return true; });
    ASSERT_FALSE(uid.has_value());
    EXPECT_EQ(uid.error().id(), "no-free-uid");
}

TEST(Uid, RefusesTheNumberOfASystemUser) {
    EXPECT_EQ(check_uid_free(0, kNobody).error().id(), "uid-taken");
    EXPECT_TRUE(check_uid_free(60250, kNobody).has_value());
}

TEST(Uid, RefusesTheNameOfASystemUserOrGroup) {
    EXPECT_EQ(check_name_free("daemon").error().id(), "user-exists");
    EXPECT_EQ(check_name_free("shadow").error().id(), "user-exists");
    EXPECT_TRUE(check_name_free("hearth-nobody-has-this").has_value());
}

}  // namespace
}  // namespace hearth::home
