// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/user_record.hpp"

#include <gtest/gtest.h>

namespace hearth::record {
namespace {

constexpr const char* kMachine = "3d1219c7c4c5404aaa1f6d2a48adfda4";

UserRecord make(std::string_view json) {
    auto record = UserRecord::parse(json);
    if (!record) throw std::runtime_error(record.error().one_line());
    return std::move(record).value();
}

constexpr const char* kFull =
    R"({"userName":"anna","realm":"example.com","lastChangeUSec":7,"x-ours":{"b":1,"a":[null]},)"
    R"("privileged":{"hashedPassword":["h1","h2"]},"perMachine":[{"matchMachineId":"m","shell":"/bin/sh"}],)"
    R"("binding":{"m":{"uid":60001}},"status":{"m":{"state":"active"}},"signature":[],"secret":{"password":["x"]}})";

TEST(UserRecord, KnowsWhoseItIs) {
    const auto record = make(kFull);
    EXPECT_EQ(record.user_name(), "anna");
    EXPECT_EQ(record.realm(), "example.com");
    EXPECT_EQ(record.identity(), "anna@example.com");
    EXPECT_EQ(record.last_change_usec(), 7U);
    EXPECT_EQ(record.hashed_passwords(), (std::vector<std::string>{"h1", "h2"}));
    EXPECT_EQ(make(R"({"userName":"bob"})").identity(), "bob");
    EXPECT_FALSE(make(R"({"userName":"bob"})").last_change_usec().has_value());
}

TEST(UserRecord, KeepsUnknownFieldsThroughARoundTrip) {
    const auto record = make(kFull);
    const auto again = make(record.pretty());
    EXPECT_EQ(again.canonical(), record.canonical());
    EXPECT_EQ(again.get("x-ours")->json(), R"({"a":[null],"b":1})");
}

TEST(UserRecord, SignsOnlyWhatSignaturesCover) {
    EXPECT_EQ(
        make(kFull).signable(),
        R"({"lastChangeUSec":7,"perMachine":[{"matchMachineId":"m","shell":"/bin/sh"}],)"
        R"("privileged":{"hashedPassword":["h1","h2"]},"realm":"example.com","userName":"anna",)"
        R"("x-ours":{"a":[null],"b":1}})");
}

TEST(UserRecord, KeepsOnlyTheChosenSections) {
    const auto record = make(kFull);
    EXPECT_EQ(record.with_sections(Sections::binding).canonical(),
              R"({"binding":{"m":{"uid":60001}},"userName":"anna"})");
    EXPECT_EQ(record.with_sections(Sections::signed_part).canonical(), record.signable());
    EXPECT_FALSE(overlap(record.with_sections(Sections::shown).sections(),
                         Sections::privileged | Sections::secret));
    EXPECT_EQ(record.with_sections(Sections::all).canonical(), record.canonical());
}

TEST(UserRecord, ACloneIsIndependent) {
    auto record = make(kFull);
    const auto clone = record.clone();
    record.set_privileged("hashedPassword", std::vector<std::string>{"new"});
    record.set_binding("m", "uid", 5);
    EXPECT_EQ(clone.hashed_passwords().size(), 2U);
    EXPECT_EQ(clone.binding("m", "uid")->number(), 60001U);
}

TEST(UserRecord, SetsAndRemovesFieldsWhereTheyBelong) {
    auto record = make(R"({"userName":"anna"})");
    ASSERT_TRUE(record.set("shell", "/bin/sh").has_value());
    ASSERT_TRUE(record.set("diskSize", std::uint64_t{18446744073709551615U}).has_value());
    record.set_binding(kMachine, "uid", 60001U);
    record.set_status(kMachine, "state", "active");
    record.set_privileged("passwordHint", "h");
    EXPECT_EQ(
        record.canonical(),
        std::string(R"({"binding":{")") + kMachine +
            R"(":{"uid":60001}},"diskSize":18446744073709551615,"privileged":{"passwordHint":"h"},)" +
            R"("shell":"/bin/sh","status":{")" + kMachine +
            R"(":{"state":"active"}},"userName":"anna"})");
    record.remove("shell");
    record.remove("diskSize");
    record.remove_binding(kMachine, "uid");
    record.remove_status(kMachine, "state");
    record.remove_privileged("passwordHint");
    EXPECT_EQ(record.canonical(), R"({"userName":"anna"})");
}

TEST(UserRecord, CannotLoseItsName) {
    auto record = make(kFull);
    record.remove("userName");
    record.remove_sections(Sections::all);
    EXPECT_EQ(record.canonical(), R"({"userName":"anna"})");
    EXPECT_EQ(record.set("userName", 5).error().id(), "record-without-name");
    EXPECT_EQ(record.user_name(), "anna");
}

TEST(UserRecord, FollowsAChangeOfItsRealm) {
    auto record = make(kFull);
    record.remove("realm");
    EXPECT_EQ(record.identity(), "anna");
}

TEST(UserRecord, RefusesWhatIsNoRecord) {
    EXPECT_EQ(UserRecord::parse("{}").error().id(), "record-without-name");
    EXPECT_EQ(UserRecord::parse(R"({"userName":7})").error().id(), "record-without-name");
    EXPECT_EQ(UserRecord::parse(R"({"userName":"a","privileged":[]})").error().id(),
              "record-section");
    EXPECT_EQ(UserRecord::parse(R"({"userName":"a","perMachine":{}})").error().id(),
              "record-section");
    EXPECT_EQ(UserRecord::parse(R"({"userName":"a","perMachine":[1]})").error().id(),
              "record-section");
    EXPECT_EQ(UserRecord::parse(R"({"userName":"a","binding":{"m":5}})").error().id(),
              "record-section");
    EXPECT_EQ(UserRecord::parse(R"({"userName":"a","status":null})").error().id(),
              "record-section");
    EXPECT_EQ(UserRecord::parse(R"({"userName":"a","secret":"x"})").error().id(), "record-section");
}

TEST(UserRecord, TakesTheBindingOfAnother) {
    auto record = make(R"({"userName":"anna"})");
    record.take_binding_of(make(kFull));
    EXPECT_EQ(record.binding("m", "uid")->number(), 60001U);
    record.take_binding_of(make(R"({"userName":"anna"})"));
    EXPECT_FALSE(overlap(record.sections(), Sections::binding));
}

TEST(UserRecord, DoesNotGrowOverTheLimitInItsPrettyForm) {
    std::string list = "0";
    for (int i = 0; i < 60'000; ++i) list += ",0";
    const auto nested =
        R"({"userName":"a","x":[[[[[[[[[[[[[[[[[[[[)" + list + "]]]]]]]]]]]]]]]]]]]]}";
    EXPECT_TRUE(UserRecord::parse(make(nested).pretty()).has_value());
}

TEST(Value, RoundTripsEveryKind) {
    for (const char* json :
         {"null", "true", "-5", "18446744073709551615", "\"t\"", "[]", R"(["a","b"])",
          R"([1,{"a":[]}])", R"({"a":1})", "1.000000000000000000000e+00"})
        EXPECT_EQ(Value::parse(json)->json(), json);
    EXPECT_FALSE(Value::parse("{\"a\":1,\"a\":2}").has_value());
    EXPECT_FALSE(Value::parse("1 2").has_value());
}

TEST(Value, ConvertsOnlyWhatMeansTheSame) {
    EXPECT_EQ(Value("42").number(), 42U);
    EXPECT_FALSE(Value("42x").number().has_value());
    EXPECT_FALSE(Value("").number().has_value());
    EXPECT_FALSE(Value(-1).number().has_value());
    EXPECT_FALSE(Value(true).number().has_value());
    EXPECT_FALSE(Value(UINT64_MAX).integer().has_value());
    EXPECT_FALSE(Value("true").flag().has_value());
    EXPECT_EQ(Value("one").strings(), std::vector<std::string>{"one"});
    EXPECT_FALSE(Value::parse(R"(["a",1])")->strings().has_value());
}

}  // namespace
}  // namespace hearth::record
