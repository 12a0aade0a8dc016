// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "hosts/homectl/options/parser.hpp"
#include "hosts/homectl/records/apply.hpp"
#include "hosts/homectl/records/build.hpp"

namespace hearth::homectl {
namespace {

using record::UserRecord;

constexpr const char* kId = "3d1219c7c4c5404aaa1f6d2a48adfda4";
constexpr const char* kOtherId = "00000000000000000000000000000001";
constexpr std::uint64_t kNow = 1'800'000'000'000'000;
const record::Machine kMachine{kId, "here"};

Invocation parse(std::vector<std::string> words) {
    words.insert(words.begin(), "homectl");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    auto parsed = parse_command_line(argv, OptionSet());
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().one_line());
    return parsed ? std::move(*parsed) : Invocation{};
}

std::string applied(const std::string& json, std::vector<std::string> options) {
    options.insert(options.begin(), "update");
    auto record = UserRecord::parse(json);
    EXPECT_TRUE(record);
    EXPECT_TRUE(apply_changes(*record, parse(std::move(options)).changes, kId));
    return record->canonical();
}

std::string mine(const std::string& fields) {
    return R"({"matchMachineId":")" + std::string(kId) + "\"," + fields + "}";
}

TEST(ApplyChanges, WritesTheEntryOfThisMachine) {
    EXPECT_EQ(applied(R"({"userName":"u"})", {"--storage=directory"}),
              R"({"perMachine":[)" + mine(R"("storage":"directory")") + R"(],"userName":"u"})");
}

TEST(ApplyChanges, MergesBothFormsOfTheMatchAndMovesTheEntryToTheEnd) {
    const std::string before =
        R"({"perMachine":[{"matchMachineId":")" + std::string(kId) +
        R"(","storage":"luks","tasksMax":1},{"matchMachineId":[")" + kId +
        R"("],"tasksMax":2},{"matchHostname":"x","tasksMax":9}],"userName":"u"})";
    EXPECT_EQ(applied(before, {"-T", "--nice=5"}),
              R"({"perMachine":[{"matchHostname":"x","tasksMax":9},)" +
                  mine(R"("niceLevel":5,"storage":"luks","tasksMax":2)") + R"(],"userName":"u"})");
}

TEST(ApplyChanges, LeavesEntriesAloneThatMatchMoreThanThisMachine) {
    const std::string entry =
        R"({"matchHostname":"x","matchMachineId":")" + std::string(kId) + R"(","shell":"/a"})";
    const std::string two =
        R"({"matchMachineId":[")" + std::string(kId) + R"(",")" + kOtherId + R"("],"shell":"/a"})";
    const std::string before = R"({"perMachine":[)" + entry + "," + two + R"(],"userName":"u"})";
    EXPECT_EQ(applied(before, {"--shell="}), before);
}

TEST(ApplyChanges, DropsAFieldFromEverySection) {
    const std::string before = R"({"memberOf":["a"],"perMachine":[)" + mine(R"("memberOf":["b"])") +
                               R"(,{"matchNotMachineId":")" + kId +
                               R"(","memberOf":["c"],"nice":1}],"userName":"u"})";
    EXPECT_EQ(applied(before, {"--member-of="}), R"({"perMachine":[{"matchNotMachineId":")" +
                                                     std::string(kId) +
                                                     R"(","nice":1}],"userName":"u"})");
    EXPECT_EQ(
        applied(R"({"privileged":{"hashedPassword":["x"],"passwordHint":"y"},"userName":"u"})",
                {"--password-hint="}),
        R"({"privileged":{"hashedPassword":["x"]},"userName":"u"})");
}

TEST(ApplyChanges, ReplacesListsAsAWhole) {
    EXPECT_EQ(applied(R"({"memberOf":["a","b"],"userName":"u"})", {"-Gc"}),
              R"({"memberOf":["c"],"userName":"u"})");
}

TEST(ApplyChanges, StoresALimitThatIsTheOnlyChange) {
    EXPECT_EQ(applied(R"({"userName":"u"})", {"--rlimit=NOFILE=10:infinity"}),
              R"({"perMachine":[)" +
                  mine(R"("resourceLimits":{"RLIMIT_NOFILE":{"cur":10,"max":null}})") +
                  R"(],"userName":"u"})");
}

TEST(ApplyChanges, KeepsTheLimitsThatAreNotNamed) {
    const std::string both =
        R"("resourceLimits":{"RLIMIT_CORE":{"cur":0,"max":0},"RLIMIT_NOFILE":{"cur":1,"max":1}})";
    const std::string before = R"({"perMachine":[)" + mine(both) + R"(],"userName":"u"})";
    EXPECT_EQ(applied(before, {"--rlimit=NOFILE="}),
              R"({"perMachine":[)" + mine(R"("resourceLimits":{"RLIMIT_CORE":{"cur":0,"max":0}})") +
                  R"(],"userName":"u"})");
    EXPECT_EQ(applied(before, {"--rlimit="}), R"({"userName":"u"})");
}

TEST(ApplyChanges, TouchesNothingElse) {
    const std::string machines = R"("perMachine":[{"acmeX":1,"matchMachineId":[")" +
                                 std::string(kId) + R"("]}],"userName":"u"})";
    EXPECT_EQ(applied(R"({"acmeExtra":{"b":[1,null]},)" + machines, {"--location=here"}),
              R"({"acmeExtra":{"b":[1,null]},"location":"here",)" + machines);
}

TEST(NewRecord, IsMadeFromNothing) {
    const auto made = build_new_record(parse({"create", "larry", "-cLarry"}), {}, kMachine, kNow);
    ASSERT_TRUE(made);
    EXPECT_EQ(
        made->record.canonical(),
        R"({"disposition":"regular","lastChangeUSec":1800000000000000,)"
        R"("lastPasswordChangeUSec":1800000000000000,"realName":"Larry","userName":"larry"})");
}

TEST(NewRecord, TakesTheRealmFromTheName) {
    const auto made = build_new_record(parse({"create", "larry@example.com"}), {}, kMachine, kNow);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->record.identity(), "larry@example.com");
}

TEST(NewRecord, IsTakenFromAnotherOneWithoutWhatBelongsToItsMachine) {
    const std::string source =
        R"({"binding":{"x":{}},"lastChangeUSec":5,"lastPasswordChangeUSec":6,)"
        R"("secret":{"password":["pw"]},"signature":[{"data":"AA==","key":"k"}],)"
        R"("status":{"x":{}},"userName":"larry"})";
    const auto made = build_new_record(parse({"create"}), source, kMachine, kNow);
    ASSERT_TRUE(made) << made.error().one_line();
    EXPECT_EQ(
        made->record.canonical(),
        R"({"disposition":"regular","lastChangeUSec":5,"lastPasswordChangeUSec":6,"userName":"larry"})");
    ASSERT_EQ(made->passwords.size(), 1U);
    EXPECT_EQ(made->passwords[0].view(), "pw");
}

TEST(NewRecord, NeedsAName) {
    EXPECT_EQ(build_new_record(parse({"create"}), {}, kMachine, kNow).error().id(), "name-missing");
    EXPECT_EQ(
        build_new_record(parse({"create", "other"}), R"({"userName":"larry"})", kMachine, kNow)
            .error()
            .id(),
        "name-differs");
    EXPECT_FALSE(build_new_record(parse({"create", "../etc"}), {}, kMachine, kNow));
    EXPECT_FALSE(build_new_record(parse({"create", "root"}), {}, kMachine, kNow));
}

TEST(NewRecord, RefusesOptionsThatWouldBreakAKeptSignature) {
    const std::string source = R"({"signature":[{"data":"AA==","key":"k"}],"userName":"larry"})";
    const auto made =
        build_new_record(parse({"create", "--seize=no", "-cX"}), source, kMachine, kNow);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().id(), "identity-signed");
}

UserRecord stored() {
    return std::move(*UserRecord::parse(
        R"({"binding":{"3d1219c7c4c5404aaa1f6d2a48adfda4":{"storage":"directory"}},)"
        R"("lastChangeUSec":1000,"userName":"larry"})"));
}

TEST(UpdatedRecord, IsTheStoredOneWithTheChangesAndANewTime) {
    const auto next = build_updated_record(parse({"update", "larry", "--location=x"}), {}, stored(),
                                           kMachine, kNow);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->canonical(),
              R"({"lastChangeUSec":1800000000000000,"location":"x","userName":"larry"})");
}

TEST(UpdatedRecord, NeedsAChangeAndAClock) {
    EXPECT_EQ(build_updated_record(parse({"update"}), {}, stored(), kMachine, kNow).error().id(),
              "update-nothing");
    EXPECT_EQ(
        build_updated_record(parse({"update", "-cX"}), {}, stored(), kMachine, 999).error().id(),
        "record-from-the-future");
}

TEST(UpdatedRecord, KeepsTheStorage) {
    const auto update = [](std::vector<std::string> words) {
        return build_updated_record(parse(std::move(words)), {}, stored(), kMachine, kNow);
    };
    EXPECT_EQ(update({"update", "--storage=luks"}).error().id(), "storage-fixed");
    EXPECT_EQ(update({"update", "-A", "--storage=luks"}).error().id(), "storage-fixed");
    EXPECT_TRUE(update({"update", "--storage=directory"}));
    EXPECT_TRUE(update({"update", "-N", "--storage=cifs", "--cifs-service=//host/share"}));
}

TEST(UpdatedRecord, TakesARecordFromOutside) {
    const std::string source = R"({"lastChangeUSec":2000,"realName":"New","userName":"larry"})";
    EXPECT_EQ(
        build_updated_record(parse({"update"}), source, stored(), kMachine, kNow)->canonical(),
        source);
    EXPECT_EQ(
        build_updated_record(parse({"update"}), R"({"userName":"moe"})", stored(), kMachine, kNow)
            .error()
            .id(),
        "name-differs");
}

}  // namespace
}  // namespace hearth::homectl
