// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/user_database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/record/json.hpp"
#include "hosts/homed/varlink/ping.hpp"
#include "hosts/homed/varlink/router.hpp"
#include "tests/unit/homed/varlink_homes.hpp"

namespace hearth::homed::varlink {
namespace {

using record::Object;
using ::testing::ElementsAre;

constexpr char kNotFound[] = "io.systemd.UserDatabase.NoRecordFound";

std::vector<std::unique_ptr<Interface>> interfaces_of(Homes& homes) {
    std::vector<std::unique_ptr<Interface>> all;
    all.push_back(std::make_unique<UserDatabase>(homes.registry(), kMachineId, kService));
    all.push_back(std::make_unique<Ping>());
    return all;
}

class VarlinkUsers : public ::testing::Test {
  protected:
    VarlinkUsers() : router_(interfaces_of(homes_)) {
        homes_.add("ada", 60001, R"(,"memberOf":["wheel","audio","ada"])");
        homes_.add("bob", 60002, R"(,"realm":"example.com","aliases":["robert"])");
        homes_.add("cyd", 60003, R"(,"memberOf":["wheel","bob"],"disposition":"system")");
    }

    /// All replies, each as it came.
    std::vector<Object> call(const std::string& text, uid_t uid = 0) {
        const auto request = parse_call(text);
        std::string out;
        auto stream = router_.call(request.value(), Peer{uid}, out);
        while (stream && stream->next(out)) {
        }
        std::vector<Object> replies;
        for (std::size_t at = 0; at < out.size(); at = out.find('\0', at) + 1)
            replies.push_back(record::parse_json_object(out.c_str() + at).value());
        return replies;
    }
    std::vector<Object> ask(const std::string& method, const std::string& parameters, uid_t uid = 0,
                            bool more = false) {
        const std::string comma = parameters.empty() ? "" : ",";
        return call(R"({"method":"io.systemd.UserDatabase.)" + method +
                        R"(","parameters":{"service":"io.systemd.Home")" + comma + parameters +
                        (more ? R"(},"more":true})" : "}}"),
                    uid);
    }
    std::string error_of(const std::vector<Object>& replies) {
        if (replies.size() != 1) return std::to_string(replies.size()) + " replies";
        return replies[0].get("error").text().value_or("none");
    }
    std::string error(const std::string& method, const std::string& parameters, bool more = false) {
        return error_of(ask(method, parameters, 0, more));
    }
    /// The record's field in the only reply.
    std::string field(const std::vector<Object>& replies, const std::string& name) {
        if (replies.size() != 1) return std::to_string(replies.size()) + " replies";
        const auto& parameters = *replies[0].get("parameters").object();
        const auto* const record = parameters.get("record").object();
        return record == nullptr ? "no record" : record->get(name).json();
    }
    std::vector<std::string> pairs(const std::string& parameters, bool more = true) {
        std::vector<std::string> pairs;
        const auto replies = ask("GetMemberships", parameters, 0, more);
        for (const Object& reply : replies) {
            const Object& pair = *reply.get("parameters").object();
            pairs.push_back(pair.get("userName").text().value_or("?") + ":" +
                            pair.get("groupName").text().value_or("?"));
            EXPECT_EQ(reply.get("continues").flag().value_or(false), &reply != &replies.back());
        }
        return pairs;
    }

    Homes homes_;
    Router router_;
};

TEST_F(VarlinkUsers, AreFoundByEveryNameAndByNumber) {
    for (const char* key :
         {R"("userName":"bob")", R"("userName":"bob@example.com")", R"("userName":"robert")",
          R"("userName":"robert@example.com")", R"("uid":60002)",
          R"("uid":60002,"userName":"robert")", R"("uid":60002,"userName":null)"}) {
        EXPECT_EQ(field(ask("GetUserRecord", key), "userName"), "\"bob\"") << key;
    }
}

TEST_F(VarlinkUsers, AreNotFoundOtherwise) {
    for (const char* key :
         {R"("userName":"bo")", R"("userName":"")", R"("uid":1)", R"("userName":"bob@other.com")",
          R"("uid":1,"userName":"bob")", R"("userName":"ada@example.com")"}) {
        EXPECT_EQ(error("GetUserRecord", key), kNotFound) << key;
    }
}

TEST_F(VarlinkUsers, AreInConflictWhenNameAndNumberDiffer) {
    constexpr char kConflict[] = "io.systemd.UserDatabase.ConflictingRecordFound";
    EXPECT_EQ(error("GetUserRecord", R"("uid":60001,"userName":"bob")"), kConflict);
    EXPECT_EQ(error("GetUserRecord", R"("uid":60001,"userName":"nobody-here")"), kConflict);
    EXPECT_EQ(error("GetGroupRecord", R"("gid":60001,"groupName":"bob")"), kConflict);
}

TEST_F(VarlinkUsers, AreFoundByTheirUuid) {
    homes_.add("dan", 60004, R"(,"uuid":"6A1b7c1e-0d2f-4f7e-9a51-77a3a5c0f001")");
    const std::string uuid = R"("uuid":"6a1b7c1e0d2f4f7e9a5177a3a5c0f001")";
    EXPECT_EQ(field(ask("GetUserRecord", uuid, 0, true), "userName"), "\"dan\"");
    EXPECT_EQ(field(ask("GetUserRecord", uuid + R"(,"uid":60004)"), "userName"), "\"dan\"");
    EXPECT_EQ(error("GetUserRecord", uuid + R"(,"uid":60001)"),
              "io.systemd.UserDatabase.NonMatchingRecordFound");
    EXPECT_EQ(error("GetUserRecord", R"("uuid":"00000000000000000000000000000000")", true),
              kNotFound);
    for (const char* none : {R"("uuid":"")", R"("uuid":"x")", R"("uuid":7)"})
        EXPECT_EQ(error("GetUserRecord", none), "org.varlink.service.InvalidParameter") << none;
}

TEST_F(VarlinkUsers, HaveGroupsWithoutUuid) {
    const std::string uuid = R"("uuid":"6a1b7c1e0d2f4f7e9a5177a3a5c0f001")";
    EXPECT_EQ(error("GetGroupRecord", uuid, true), kNotFound);
    EXPECT_EQ(error("GetGroupRecord", uuid + R"(,"gid":60001)"),
              "io.systemd.UserDatabase.NonMatchingRecordFound");
}

TEST_F(VarlinkUsers, ShowTheirSecretPartToRootAndThemselves) {
    for (const uid_t uid : {0U, 60001U}) {
        const auto replies = ask("GetUserRecord", R"("uid":60001)", uid);
        EXPECT_NE(field(replies, "privileged"), "null") << uid;
        EXPECT_EQ(replies[0].get("parameters").object()->get("incomplete").flag(), false);
    }
    for (const uid_t uid : {1U, 60002U, 65534U, service::kNoUid}) {
        const auto replies = ask("GetUserRecord", R"("uid":60001)", uid);
        EXPECT_EQ(field(replies, "privileged"), "null") << uid;
        EXPECT_EQ(replies[0].get("parameters").object()->get("incomplete").flag(), true);
    }
}

TEST_F(VarlinkUsers, NameTheService) {
    const std::string status = field(ask("GetUserRecord", R"("uid":60001)"), "status");
    EXPECT_THAT(status, ::testing::HasSubstr(R"("service":"io.systemd.Home")"));
}

TEST_F(VarlinkUsers, AreListedWithMore) {
    const auto replies = ask("GetUserRecord", "", 60002, true);
    ASSERT_EQ(replies.size(), 3U);
    std::vector<std::string> seen;
    for (const Object& reply : replies) {
        const Object& parameters = *reply.get("parameters").object();
        const Object& record = *parameters.get("record").object();
        seen.push_back(record.get("userName").text().value());
        EXPECT_EQ(record.contains("privileged"), seen.back() == "bob");
        EXPECT_EQ(reply.contains("continues"), seen.back() != "cyd");
    }
    EXPECT_THAT(seen, ElementsAre("ada", "bob", "cyd"));
}

TEST_F(VarlinkUsers, AreNotListedInOneReply) {
    for (const char* method : {"GetUserRecord", "GetGroupRecord", "GetMemberships"})
        EXPECT_EQ(error(method, ""), "org.varlink.service.ExpectedMore");
    EXPECT_EQ(error("GetMemberships", R"("userName":"ada")"), "org.varlink.service.ExpectedMore");
}

TEST_F(VarlinkUsers, MayBeNone) {
    for (const char* name : {"ada", "bob", "cyd"}) homes_.remove(name);
    for (const char* method : {"GetUserRecord", "GetGroupRecord", "GetMemberships"})
        EXPECT_EQ(error(method, "", true), kNotFound);
}

TEST_F(VarlinkUsers, MayComeAndGoWhileTheyAreListed) {
    const auto request =
        parse_call(R"({"method":"io.systemd.UserDatabase.GetUserRecord","more":true,)"
                   R"("parameters":{"service":"io.systemd.Home"}})");
    std::string out;
    const auto stream = router_.call(*request, Peer{}, out);
    ASSERT_TRUE(stream->next(out));
    homes_.remove("ada");
    homes_.remove("cyd");
    EXPECT_FALSE(stream->next(out));
    EXPECT_THAT(out, ::testing::HasSubstr("\"bob\""));
    EXPECT_THAT(out, ::testing::Not(::testing::HasSubstr("\"cyd\"")));
}

TEST_F(VarlinkUsers, HaveAGroupEach) {
    const auto replies = ask("GetGroupRecord", R"("gid":60003)", 1);
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].get("parameters").json(),
              R"({"record":{"binding":{"0123456789abcdef0123456789abcdef":{"gid":60003}},)"
              R"("description":"Primary Group of User cyd","disposition":"system",)"
              R"("groupName":"cyd",)"
              R"("status":{"0123456789abcdef0123456789abcdef":{"service":"io.systemd.Home"}}}})");
    EXPECT_EQ(ask("GetGroupRecord", "", 1, true).size(), 3U);
}

TEST_F(VarlinkUsers, HaveAGroupThatIsCalledAsItWasAskedFor) {
    for (const char* name : {"bob", "bob@example.com"})
        EXPECT_EQ(field(ask("GetGroupRecord", R"("groupName":")" + std::string(name) + "\""),
                        "groupName"),
                  "\"bob\"");
    for (const char* name : {"robert", "robert@example.com"}) {
        const auto replies = ask("GetGroupRecord", R"("groupName":")" + std::string(name) + "\"");
        EXPECT_EQ(field(replies, "groupName"), "\"robert\"");
        EXPECT_EQ(field(replies, "realm"), "\"example.com\"");
    }
}

TEST_F(VarlinkUsers, AreMembersOfGroups) {
    EXPECT_THAT(pairs(R"("userName":"ada")"), ElementsAre("ada:wheel", "ada:audio", "ada:ada"));
    EXPECT_THAT(pairs(R"("userName":"robert")"), ElementsAre("bob:bob"));
    EXPECT_THAT(pairs(R"("groupName":"wheel")"), ElementsAre("ada:wheel", "cyd:wheel"));
    EXPECT_THAT(pairs(R"("groupName":"robert")"), ElementsAre("bob:bob", "cyd:bob"));
    EXPECT_THAT(pairs(""), ElementsAre("ada:wheel", "ada:audio", "ada:ada", "bob:bob", "cyd:wheel",
                                       "cyd:bob", "cyd:cyd"));
}

TEST_F(VarlinkUsers, AreMembersOrNot) {
    EXPECT_THAT(pairs(R"("userName":"cyd","groupName":"robert")", false), ElementsAre("cyd:bob"));
    EXPECT_THAT(pairs(R"("userName":"ada","groupName":"ada")", true), ElementsAre("ada:ada"));
    for (const char* none :
         {R"("userName":"bob","groupName":"wheel")", R"("userName":"zoe","groupName":"wheel")"})
        EXPECT_EQ(error("GetMemberships", none), kNotFound);
    for (const char* none : {R"("userName":"zoe")", R"("groupName":"zoe")"})
        EXPECT_EQ(error("GetMemberships", none, true), kNotFound);
}

TEST_F(VarlinkUsers, AreThoseOfThisServiceOnly) {
    constexpr char kBad[] = "io.systemd.UserDatabase.BadService";
    for (const char* method : {"GetUserRecord", "GetGroupRecord", "GetMemberships"}) {
        const std::string begin =
            R"({"method":"io.systemd.UserDatabase.)" + std::string(method) + R"(","parameters":)";
        EXPECT_EQ(error_of(call(begin + "{}}")), kBad);
        EXPECT_EQ(error_of(call(begin + R"({"service":null}})")), kBad);
        EXPECT_EQ(error_of(call(begin + R"({"service":"io.systemd.DropIn"}})")), kBad);
    }
}

TEST_F(VarlinkUsers, AreAskedForWithTheRightParameters) {
    const auto bad = [&](const char* method, const std::string& parameter) {
        const auto replies = ask(method, parameter);
        EXPECT_EQ(error_of(replies), "org.varlink.service.InvalidParameter") << parameter;
        return replies[0].get("parameters").object()->get("parameter").text().value_or("");
    };
    EXPECT_EQ(bad("GetUserRecord", R"("uid":"60001")"), "uid");
    EXPECT_EQ(bad("GetUserRecord", R"("uid":-1)"), "uid");
    EXPECT_EQ(bad("GetUserRecord", R"("uid":65535)"), "uid");
    EXPECT_EQ(bad("GetUserRecord", R"("uid":4294967295)"), "uid");
    EXPECT_EQ(bad("GetUserRecord", R"("uid":4294967296)"), "uid");
    EXPECT_EQ(bad("GetUserRecord", R"("userName":1)"), "userName");
    EXPECT_EQ(bad("GetUserRecord", R"("gid":1)"), "gid");
    EXPECT_EQ(bad("GetUserRecord", R"("fuzzyNames":["a"])"), "fuzzyNames");
    EXPECT_EQ(bad("GetGroupRecord", R"("groupName":{})"), "groupName");
    EXPECT_EQ(bad("GetGroupRecord", R"("uid":1)"), "uid");
    EXPECT_EQ(bad("GetMemberships", R"("gid":1)"), "gid");
}

TEST_F(VarlinkUsers, AreServedBesidesWhatDescribesTheService) {
    EXPECT_EQ(error_of(call(R"({"method":"io.systemd.UserDatabase.Nothing"})")),
              "org.varlink.service.MethodNotFound");
    EXPECT_EQ(error_of(call(R"({"method":"no.such.Thing"})")),
              "org.varlink.service.InterfaceNotFound");
    EXPECT_EQ(error_of(call(R"({"method":"Thing"})")), "org.varlink.service.InterfaceNotFound");
    EXPECT_EQ(error_of(call(R"({"method":"io.systemd.service.Ping"})")), "none");
    const auto info = call(R"({"method":"org.varlink.service.GetInfo"})");
    EXPECT_EQ(info[0].get("parameters").object()->get("interfaces").json(),
              R"(["io.systemd.UserDatabase","io.systemd.service","org.varlink.service"])");
    for (const char* name :
         {"io.systemd.UserDatabase", "io.systemd.service", "org.varlink.service"}) {
        const auto description = call(
            R"({"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":")" +
            std::string(name) + "\"}}");
        EXPECT_THAT(
            description[0].get("parameters").object()->get("description").text().value_or(""),
            ::testing::HasSubstr("\ninterface " + std::string(name) + "\n"));
    }
    EXPECT_EQ(error_of(call(R"({"method":"org.varlink.service.GetInterfaceDescription"})")),
              "org.varlink.service.InvalidParameter");
}

TEST_F(VarlinkUsers, AreNotToldToWhoWantsNoAnswer) {
    EXPECT_TRUE(
        call(R"({"method":"io.systemd.UserDatabase.GetUserRecord","oneway":true})").empty());
    EXPECT_TRUE(call(R"({"method":"no.such.Thing","oneway":true})").empty());
}

}  // namespace
}  // namespace hearth::homed::varlink
