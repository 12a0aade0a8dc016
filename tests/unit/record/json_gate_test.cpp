// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/json_gate.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/record/json.hpp"

namespace hearth::record {
namespace {

using namespace std::string_literals;

struct Refusal {
    std::string text;
    const char* id;
};

class BadJson : public testing::TestWithParam<Refusal> {};

TEST_P(BadJson, IsRefusedWithItsOwnId) {
    const auto result = parse_json_object(GetParam().text);
    ASSERT_FALSE(result.has_value()) << GetParam().text;
    EXPECT_EQ(result.error().id(), GetParam().id) << result.error().one_line();
    EXPECT_EQ(result.error().code(), Code::corrupt);
    EXPECT_FALSE(result.error().why().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, BadJson,
    testing::Values(
        // Not an object, or cut off.
        Refusal{"", "json-not-object"}, Refusal{"   ", "json-not-object"},
        Refusal{"[]", "json-not-object"}, Refusal{"7", "json-not-object"},
        Refusal{"{", "json-truncated"}, Refusal{"{\"a\"", "json-truncated"},
        Refusal{"{\"a\":", "json-truncated"}, Refusal{"{\"a\":[1", "json-truncated"},
        Refusal{"{\"a\":\"x", "json-truncated"}, Refusal{"{\"a\":\"x\\", "json-truncated"},
        Refusal{"{\"a\":\"\\u12", "json-truncated"}, Refusal{"{\"a\":tr", "json-truncated"},
        Refusal{"{\"a\":-", "json-truncated"}, Refusal{"{\"a\":1,", "json-truncated"},
        // Syntax.
        Refusal{"{a:1}", "json-syntax"}, Refusal{"{\"a\" 1}", "json-syntax"},
        Refusal{"{\"a\":1,}", "json-syntax"}, Refusal{"{,}", "json-syntax"},
        Refusal{"{\"a\":[1,]}", "json-syntax"}, Refusal{"{\"a\":[1 2]}", "json-syntax"},
        Refusal{"{\"a\":1 \"b\":2}", "json-syntax"}, Refusal{"{\"a\":}", "json-syntax"},
        Refusal{"{\"a\":True}", "json-syntax"}, Refusal{"{\"a\":nul}", "json-syntax"},
        Refusal{"{\"a\":'x'}", "json-syntax"}, Refusal{"{\"a\":\"\\x\"}", "json-syntax"},
        Refusal{"{\"a\":\"\\u12g4\"}", "json-syntax"}, Refusal{"{/*c*/}", "json-syntax"},
        Refusal{"{\"a\":\f1}", "json-syntax"}, Refusal{"{\"a\":NaN}", "json-syntax"},
        Refusal{"{\"a\":1]", "json-syntax"}, Refusal{"{\"a\":[1}}", "json-syntax"},
        // Something behind the end.
        Refusal{"{}x", "json-trailing"}, Refusal{"{}{}", "json-trailing"},
        Refusal{"{}\0"s, "json-nul"},
        // Characters.
        Refusal{"{\"a\":\"x\0y\"}"s, "json-nul"}, Refusal{"{\"a\0b\":1}"s, "json-nul"},
        Refusal{"{\"a\":\0}"s, "json-nul"}, Refusal{"{\"a\\u0000b\":1}", "json-nul"},
        Refusal{"{\"a\":\"\\u0000\"}", "json-nul"}, Refusal{"{\"a\":\"\n\"}", "json-control"},
        Refusal{"{\"a\":\"\x7f\"}", "json-control"}, Refusal{"{\"a\":\"\\u007F\"}", "json-control"},
        Refusal{"{\"a\":\"\xc0\x80\"}", "json-utf8"},
        Refusal{"{\"a\":\"\xe0\x80\xaf\"}", "json-utf8"},
        Refusal{"{\"a\":\"\xed\xa0\x80\"}", "json-utf8"},
        Refusal{"{\"a\":\"\xf4\x90\x80\x80\"}", "json-utf8"},
        Refusal{"{\"a\":\"\xff\"}", "json-utf8"}, Refusal{"{\"a\":\"\xc3\"}", "json-utf8"},
        Refusal{"{\"a\":\"\xef\xbf\xbf\"}", "json-utf8"},
        Refusal{"{\"a\":\"\\uffff\"}", "json-utf8"}, Refusal{"{\"a\":\"\\ud800\"}", "json-utf8"},
        Refusal{"{\"a\":\"\\ud800\\u0041\"}", "json-utf8"},
        Refusal{"{\"a\":\"\\udc00\"}", "json-utf8"},
        Refusal{"{\"a\":\"\\ud83f\\udffe\"}", "json-utf8"},
        // Keys.
        Refusal{"{\"a\":1,\"a\":1}", "json-duplicate-key"},
        Refusal{"{\"a\":1,\"\\u0061\":2}", "json-duplicate-key"},
        Refusal{"{\"x\":[{\"b\":1,\"c\":2,\"b\":3}]}", "json-duplicate-key"},
        Refusal{"{\"\\/\":1,\"/\":2}", "json-duplicate-key"},
        Refusal{"{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", "json-duplicate-key"},
        // Numbers.
        Refusal{"{\"a\":18446744073709551616}", "json-number"},
        Refusal{"{\"a\":-9223372036854775809}", "json-number"},
        Refusal{"{\"a\":99999999999999999999999}", "json-number"},
        Refusal{"{\"a\":0.5}", "json-number"}, Refusal{"{\"a\":1e400}", "json-number"},
        Refusal{"{\"a\":1e-3}", "json-number"}, Refusal{"{\"a\":1e300}", "json-number"},
        Refusal{"{\"a\":01}", "json-number"}, Refusal{"{\"a\":-01}", "json-number"},
        Refusal{"{\"a\":1.}", "json-syntax"}, Refusal{"{\"a\":.5}", "json-syntax"},
        Refusal{"{\"a\":+1}", "json-syntax"}, Refusal{"{\"a\":1e}", "json-syntax"},
        Refusal{"{\"a\":0x10}", "json-syntax"}, Refusal{"{\"a\":-}", "json-syntax"}));

TEST(JsonGate, SaysWhereTheTroubleIs) {
    const auto result = check_json_object("{\n  \"a\": 1,\n  \"a\": 2\n}");
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().why(), "The key is \"a\". At line 3, column 3 (byte 14).");
}

TEST(JsonGate, RefusesTextOverTheSizeLimit) {
    const std::string big = "{\"a\":\"" + std::string(std::size_t{1} << 20, 'x') + "\"}";
    EXPECT_EQ(check_json_object(big).error().id(), "record-too-large");
    const std::string fits = "{\"a\":\"" + std::string((std::size_t{1} << 20) - 8, 'x') + "\"}";
    EXPECT_TRUE(check_json_object(fits).has_value());
}

std::string nested(std::size_t levels) {
    return std::string(R"({"a":)") + std::string(levels - 1, '[') + std::string(levels - 1, ']') +
           "}";
}

TEST(JsonGate, RefusesDeepNestingButNotTheDeepestAllowed) {
    EXPECT_TRUE(parse_json_object(nested(128)).has_value());
    EXPECT_EQ(parse_json_object(nested(129)).error().id(), "json-depth");
    EXPECT_EQ(parse_json_object(nested(200'000)).error().id(), "json-depth");
}

TEST(JsonGate, RefusesTooManyValues) {
    std::string many = "{\"a\":[0";
    for (int i = 0; i < 70'000; ++i) many += ",0";
    many += "]}";
    EXPECT_EQ(check_json_object(many).error().id(), "json-too-many");
}

TEST(JsonGate, AcceptsTheExtremesOfEveryRule) {
    EXPECT_TRUE(
        check_json_object("{\"a\":18446744073709551615,\"b\":-9223372036854775808}").has_value());
    EXPECT_TRUE(check_json_object("\t\r\n {\"a\":[{},[],\"\",null,true,false,-0,1.0,-0.0,1e3]} \n")
                    .has_value());
    EXPECT_TRUE(
        check_json_object("{\"\":\"\xf4\x8f\xbf\xbd\xee\x80\x80\\ud83d\\ude00\"}").has_value());
    EXPECT_TRUE(check_json_object("{\"a\":{\"k\":1},\"b\":{\"k\":1},\"k\":1}").has_value());
}

TEST(JsonGate, EveryPrefixOfARecordIsRefused) {
    const std::string record =
        R"({"userName":"anna","uid":60001,"x":[true,null,-5,{"y":"\u00e4"}]})";
    ASSERT_TRUE(check_json_object(record).has_value());
    for (std::size_t length = 0; length < record.size(); ++length)
        EXPECT_FALSE(check_json_object(record.substr(0, length)).has_value()) << length;
}

}  // namespace
}  // namespace hearth::record
