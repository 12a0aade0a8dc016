// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "core/home/uid.hpp"

namespace hearth::home {
namespace {

TEST(UidRange, LeavesTheNumbersOfTheSystemAlone) {
    for (const uid_t uid : {0U, 999U, 60578U, 60705U, 61184U, 65534U, 65535U, 0x80000000U})
        EXPECT_EQ(check_uid_range(uid).error().id(), "uid-reserved") << uid;
}

TEST(UidRange, HasRoomForPeople) {
    for (const uid_t uid : {1000U, 60000U, kFirstHomeUid, kLastHomeUid, 60577U, 65536U, 524288U})
        EXPECT_TRUE(check_uid_range(uid).has_value()) << uid;
}

}  // namespace
}  // namespace hearth::home
