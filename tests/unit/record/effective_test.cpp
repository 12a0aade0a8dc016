// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/effective.hpp"

#include <gtest/gtest.h>

namespace hearth::record {
namespace {

const Machine kHere{"0123456789abcdef0123456789abcdef", "hearth1"};

Effective view(std::string_view json, const Machine& machine = kHere) {
    auto record = UserRecord::parse(json);
    if (!record) throw std::runtime_error(record.error().one_line());
    return Effective(*record, machine);  // the view must outlive the record
}

std::string with_entries(const std::string& entries) {
    return R"({"userName":"anna","shell":"/bin/top","perMachine":[)" + entries + "]}";
}

TEST(Effective, StatusBeatsBindingBeatsPerMachineBeatsTop) {
    const std::string here =
        R"({"userName":"a","fileSystemType":"top","perMachine":[)"
        R"({"matchMachineId":"0123456789abcdef0123456789abcdef","fileSystemType":"entry"}])";
    EXPECT_EQ(view(R"({"userName":"a","fileSystemType":"top"})").text("fileSystemType"), "top");
    EXPECT_EQ(view(here + "}").text("fileSystemType"), "entry");
    const std::string bound =
        here + R"(,"binding":{"0123456789abcdef0123456789abcdef":{"fileSystemType":"bound"}})";
    EXPECT_EQ(view(bound + "}").text("fileSystemType"), "bound");
    EXPECT_EQ(
        view(bound + R"(,"status":{"0123456789abcdef0123456789abcdef":{"fileSystemType":"now"}}})")
            .text("fileSystemType"),
        "now");
    EXPECT_EQ(view(bound + "}", {"ffffffffffffffffffffffffffffffff", ""}).text("fileSystemType"),
              "top");
}

struct Match {
    std::string entry;
    bool applies;
};
class PerMachine : public testing::TestWithParam<Match> {};

TEST_P(PerMachine, AppliesOnlyWhereItShould) {
    const auto shell =
        view(with_entries("{" + GetParam().entry + R"(,"shell":"/bin/entry"})")).text("shell");
    EXPECT_EQ(shell, GetParam().applies ? "/bin/entry" : "/bin/top") << GetParam().entry;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, PerMachine,
    testing::Values(
        Match{R"("x":1)", false},  // no rule at all
        Match{R"("matchMachineId":"0123456789abcdef0123456789abcdef")", true},
        Match{R"("matchMachineId":"01234567-89ab-cdef-0123-456789abcdef")", true},
        Match{R"("matchMachineId":"0123456789ABCDEF0123456789ABCDEF")", true},
        Match{R"("matchMachineId":"ffffffffffffffffffffffffffffffff")", false},
        Match{R"("matchMachineId":["junk",7,"0123456789abcdef0123456789abcdef"])", true},
        Match{R"("matchMachineId":[])", false}, Match{R"("matchMachineId":7)", false},
        Match{R"("matchNotMachineId":"0123456789abcdef0123456789abcdef")", false},
        Match{R"("matchNotMachineId":["ffffffffffffffffffffffffffffffff"])", true},
        Match{R"("matchNotMachineId":"junk")", true}, Match{R"("matchHostname":"hearth1")", true},
        Match{R"("matchHostname":["other","hearth1"])", true},
        Match{R"("matchHostname":"Hearth1")", false},
        Match{R"("matchNotHostname":"hearth1")", false},
        Match{R"("matchNotHostname":["other"])", true},
        Match{R"("matchHostname":"other","matchMachineId":"0123456789abcdef0123456789abcdef")",
              true}));

TEST(Effective, WithoutAHostNameOnlyTheNotRuleApplies) {
    const Machine nameless{kHere.id, ""};
    EXPECT_EQ(
        view(with_entries(R"({"matchHostname":"","shell":"/bin/e"})"), nameless).text("shell"),
        "/bin/top");
    EXPECT_EQ(
        view(with_entries(R"({"matchNotHostname":"","shell":"/bin/e"})"), nameless).text("shell"),
        "/bin/e");
}

TEST(Effective, TheLastMatchingEntryWins) {
    EXPECT_EQ(
        view(
            with_entries(
                R"({"matchHostname":"hearth1","shell":"/bin/1"},{"matchHostname":"x","shell":"/bin/2"},)"
                R"({"matchHostname":"hearth1","shell":"/bin/3"})"))
            .text("shell"),
        "/bin/3");
}

TEST(Effective, ANullResetsToTheDefault) {
    EXPECT_EQ(view(with_entries(R"({"matchHostname":"hearth1","shell":null})")).text("shell"),
              "/bin/bash");
    EXPECT_FALSE(view(R"({"userName":"a","location":null})").value("location").has_value());
}

TEST(Effective, IgnoresFieldsThatMayNotStandWhereTheyStand) {
    const auto view1 = view(
        R"({"userName":"anna","perMachine":[{"matchHostname":"hearth1","userName":"root",)"
        R"("homeDirectory":"/root","realName":"R"}],)"
        R"("binding":{"0123456789abcdef0123456789abcdef":{"shell":"/evil","memberOf":["wheel"]}},)"
        R"("status":{"0123456789abcdef0123456789abcdef":{"uid":0,"storage":"x"}}})");
    EXPECT_EQ(view1.text("userName"), "anna");
    EXPECT_EQ(view1.home_directory(), "/home/anna");
    EXPECT_EQ(view1.text("realName"), "anna");
    EXPECT_EQ(view1.shell(), "/bin/bash");
    EXPECT_TRUE(view1.strings("memberOf").empty());
    EXPECT_FALSE(view1.number("uid").has_value());
    EXPECT_FALSE(view1.text("storage").has_value());
}

TEST(Effective, UnitesGroupsAndAppendsCredentialsAndMergesLimits) {
    const auto joined = view(
        R"({"userName":"a","memberOf":["x","y"],"fido2HmacCredential":["AA=="],"resourceLimits":{"RLIMIT_CPU":)"
        R"({"cur":1,"max":2},"RLIMIT_AS":{"cur":1,"max":1}},"perMachine":[{"matchHostname":"hearth1","memberOf":)"
        R"(["y","z"],"fido2HmacCredential":["AA=="],"resourceLimits":{"RLIMIT_CPU":{"cur":9,"max":9}}}]})");
    EXPECT_EQ(joined.strings("memberOf"), (std::vector<std::string>{"x", "y", "z"}));
    EXPECT_EQ(joined.strings("fido2HmacCredential"), (std::vector<std::string>{"AA==", "AA=="}));
    EXPECT_EQ(joined.value("resourceLimits")->json(),
              R"({"RLIMIT_AS":{"cur":1,"max":1},"RLIMIT_CPU":{"cur":9,"max":9}})");
}

TEST(Effective, ReadsNumbersInEveryFormThatRecordsUse) {
    const auto numbers =
        view(R"({"userName":"a","diskSize":"4096","umask":"0022","accessMode":448,"niceLevel":-20,)"
             R"("rebalanceWeight":false,"autoResizeMode":true,"tasksMax":"x"})");
    EXPECT_EQ(numbers.number("diskSize"), 4096U);
    EXPECT_EQ(numbers.number("umask"), 022U);
    EXPECT_EQ(numbers.access_mode(), 0700U);
    EXPECT_EQ(numbers.integer("niceLevel"), -20);
    EXPECT_EQ(numbers.number("rebalanceWeight"), 0U);
    EXPECT_EQ(numbers.text("autoResizeMode"), "shrink-and-grow");
    EXPECT_FALSE(numbers.number("tasksMax").has_value());
    EXPECT_TRUE(numbers.value("tasksMax").has_value());
}

TEST(Effective, HasTheDefaultsOfAManagedHome) {
    const auto empty = view(R"({"userName":"anna","uid":60001})");
    EXPECT_EQ(empty.home_directory(), "/home/anna");
    EXPECT_EQ(empty.number("gid"), 60001U);
    EXPECT_EQ(empty.text("disposition"), "regular");
    EXPECT_EQ(empty.access_mode(), 0700U);
    EXPECT_EQ(empty.text("skeletonDirectory"), "/etc/skel");
    EXPECT_EQ(empty.flag("mountNoDevices"), true);
    EXPECT_EQ(empty.flag("mountNoSuid"), true);
    EXPECT_EQ(empty.flag("mountNoExecute"), false);
    EXPECT_EQ(empty.number("rateLimitIntervalUSec"), 60'000'000U);
    EXPECT_EQ(empty.number("rateLimitBurst"), 30U);
    EXPECT_EQ(empty.flag("enforcePasswordPolicy"), true);
}

TEST(Effective, FollowsPointersIntoSections) {
    const auto record = view(
        R"({"userName":"a","privileged":{"list":[{"k/~":"deep"}]},"secret":{"password":["x"]},)"
        R"("binding":{"0123456789abcdef0123456789abcdef":{"uid":7,"x-mine":{"n":1}}}})");
    EXPECT_EQ(record.text("/privileged/list/0/k~1~0"), "deep");
    EXPECT_EQ(record.number("/binding/uid"), 7U);
    EXPECT_EQ(record.number("/uid"), 7U);
    EXPECT_EQ(record.number("/x-mine/n"), 1U);
    EXPECT_FALSE(record.value("/privileged/list/1").has_value());
    EXPECT_FALSE(record.value("/privileged/list/00").has_value());
    EXPECT_FALSE(record.value("/privileged/list/-").has_value());
    EXPECT_FALSE(record.value("/secret/password").has_value());
    EXPECT_FALSE(record.value("secret").has_value());
    EXPECT_FALSE(record.value("").has_value());
    EXPECT_FALSE(record.value("/a~2").has_value());
}

}  // namespace
}  // namespace hearth::record
