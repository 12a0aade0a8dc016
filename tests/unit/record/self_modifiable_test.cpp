// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/self_modifiable.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hearth::record {
namespace {

const Machine kMachine{"00112233445566778899aabbccddeeff", "here"};
constexpr const char* kNow =
    R"({"userName":"ann","lastChangeUSec":1,"realName":"Ann","memberOf":["games"],)"
    R"("privileged":{"hashedPassword":["$x"],"passwordHint":"it"}})";

UserRecord parse(const std::string& text) {
    auto record = UserRecord::parse(text);
    EXPECT_TRUE(record) << text;
    return std::move(record).value();
}

bool own(const std::string& update, const std::string& now = kNow) {
    return changes_only_own_fields(parse(now), parse(update), kMachine);
}

TEST(SelfModifiable, AUserMayChangeTheirNameAndPassword) {
    EXPECT_TRUE(own(R"({"userName":"ann","lastChangeUSec":2,"realName":"Anna","shell":"/bin/sh",)"
                    R"("memberOf":["games"],"privileged":{"hashedPassword":["$y"]}})"));
}

TEST(SelfModifiable, TheLastPrivilegedFieldMayGo) {
    EXPECT_TRUE(own(R"({"userName":"ann","lastChangeUSec":2,"memberOf":["games"]})"));
}

TEST(SelfModifiable, AUserMayNotJoinGroups) {
    EXPECT_FALSE(own(R"({"userName":"ann","lastChangeUSec":2,"memberOf":["games","sudo"]})"));
    EXPECT_FALSE(own(R"({"userName":"ann","lastChangeUSec":2})"));
}

TEST(SelfModifiable, WhatIsNotSignedDoesNotCount) {
    EXPECT_TRUE(
        own(R"({"userName":"ann","memberOf":["games"],)"
            R"("status":{"00112233445566778899aabbccddeeff":{"goodAuthenticationCounter":7}}})"));
}

TEST(SelfModifiable, TheListsCannotBeChangedByTheUser) {
    EXPECT_FALSE(own(R"({"userName":"ann","memberOf":["games"],)"
                     R"("selfModifiableFields":["memberOf","lastChangeUSec"]})"));
}

TEST(SelfModifiable, TheListOfTheRecordAsItIsCounts) {
    const std::string now =
        R"({"userName":"ann","nickName":"a","selfModifiableFields":["nickName"],"realName":"Ann"})";
    EXPECT_TRUE(own(R"({"userName":"ann","nickName":"b","selfModifiableFields":["nickName"],)"
                    R"("realName":"Ann"})",
                    now));
    EXPECT_FALSE(own(R"({"userName":"ann","nickName":"a","selfModifiableFields":["nickName"],)"
                     R"("realName":"Anna"})",
                     now));
}

TEST(SelfModifiable, AnEmptyListAllowsNothing) {
    const std::string now = R"({"userName":"ann","selfModifiableFields":[],"realName":"Ann"})";
    EXPECT_FALSE(own(R"({"userName":"ann","selfModifiableFields":[],"realName":"Anna"})", now));
}

TEST(SelfModifiable, AListForThisMachineWins) {
    const std::string machines =
        R"("perMachine":[{"matchHostname":"here","selfModifiableFields":["nickName"]}])";
    EXPECT_TRUE(own(R"({"userName":"ann","nickName":"b",)" + machines + "}",
                    R"({"userName":"ann","nickName":"a",)" + machines + "}"));
}

TEST(SelfModifiable, UsersOtherThanRegularOnesMayChangeNothingByDefault) {
    EXPECT_FALSE(own(R"({"userName":"ann","disposition":"system","realName":"Anna"})",
                     R"({"userName":"ann","disposition":"system","realName":"Ann"})"));
}

TEST(SelfModifiable, AnEntryForThisMachineMayBeAddedWithOwnFields) {
    const std::string now = R"({"userName":"ann"})";
    EXPECT_TRUE(own(
        R"({"userName":"ann","perMachine":[{"matchHostname":"here","shell":"/bin/sh"}]})", now));
    EXPECT_FALSE(
        own(R"({"userName":"ann","perMachine":[{"matchHostname":"here","locked":true}]})", now));
}

TEST(SelfModifiable, EntriesForOtherMachinesMustStay) {
    const std::string now =
        R"({"userName":"ann","perMachine":[{"matchHostname":"there","shell":"/bin/sh"}]})";
    EXPECT_TRUE(own(now, now));
    EXPECT_FALSE(own(R"({"userName":"ann"})", now));
    EXPECT_FALSE(own(
        R"({"userName":"ann","perMachine":[{"matchHostname":"there","shell":"/bin/zsh"}]})", now));
}

TEST(SelfModifiable, AnEntryWithARuleThatNobodyKnowsIsNotNothing) {
    EXPECT_FALSE(own(R"({"userName":"ann","perMachine":[{"matchHostname":"here","matchMood":1}]})",
                     R"({"userName":"ann"})"));
}

TEST(SelfModifiable, PicturesAreChosenByName) {
    const std::string sum(64, 'a');
    EXPECT_TRUE(own(R"({"userName":"ann","blobManifest":{"avatar":")" + sum + R"("}})",
                    R"({"userName":"ann"})"));
    EXPECT_FALSE(own(R"({"userName":"ann","blobManifest":{"banner":")" + sum + R"("}})",
                     R"({"userName":"ann"})"));
}

}  // namespace
}  // namespace hearth::record
