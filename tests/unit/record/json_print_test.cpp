// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "core/record/json.hpp"

namespace hearth::record {
namespace {

std::string canonical(std::string_view text) {
    auto object = parse_json_object(text);
    return object ? to_canonical(*object) : object.error().one_line();
}

TEST(CanonicalForm, SortsKeysBytewiseAtEveryDepth) {
    EXPECT_EQ(canonical("{\"big\":1,\"K\xc3\xa4\":2,\"~\":3,\"K\":4,\"-\":5,\"k\":{\"b\":[{\"y\":1,"
                        "\"x\":2}],\"a\":0}}"),
              "{\"-\":5,\"K\":4,\"K\xc3\xa4\":2,\"big\":1,\"k\":{\"a\":0,\"b\":[{\"x\":2,\"y\":1}]}"
              ",\"~\":3}");
}

TEST(CanonicalForm, KeepsTheOrderOfArrays) {
    EXPECT_EQ(canonical(R"({"a":["z","a",{"c":1,"b":2},"m",3,1,2]})"),
              R"({"a":["z","a",{"b":2,"c":1},"m",3,1,2]})");
}

TEST(CanonicalForm, PrintsNumbersAsTheSignersDo) {
    EXPECT_EQ(
        canonical(
            R"({"a":18446744073709551615,"b":-9223372036854775808,"c":-0,"d":9223372036854775808})"),
        R"({"a":18446744073709551615,"b":-9223372036854775808,"c":0,"d":9223372036854775808})");
    EXPECT_EQ(
        canonical(R"({"a":1.0,"b":1e3,"c":0.0,"d":-0.0,"e":-15.0})"),
        R"({"a":1.000000000000000000000e+00,"b":1.000000000000000000000e+03,"c":0.000000000000000000000e+00,)"
        R"("d":0.000000000000000000000e+00,"e":-1.500000000000000000000e+01})");
}

TEST(CanonicalForm, DoesNotRoundLargeNumbers) {
    EXPECT_EQ(
        canonical(
            R"({"a":-7248098239943153965,"b":-9223372036854775807,"c":18446744073709551613})"),
        R"({"a":-7248098239943153965,"b":-9223372036854775807,"c":18446744073709551613})");
}

TEST(CanonicalForm, EscapesOnlyWhatItMust) {
    EXPECT_EQ(canonical(R"({"a":"\b\f\n\r\t\u0001\u001F\/\"\\ \u00e4 \ud83d\ude00"})"),
              "{\"a\":\"\\b\\f\\n\\r\\t\\u0001\\u001f/\\\"\\\\ \xc3\xa4 \xf0\x9f\x98\x80\"}");
}

TEST(CanonicalForm, PrintsWordsAndEmptyContainers) {
    EXPECT_EQ(
        canonical(
            R"( { "t" : true , "f" : false , "n" : null , "o" : { } , "a" : [ ] , "" : "" } )"),
        R"({"":"","a":[],"f":false,"n":null,"o":{},"t":true})");
}

TEST(PrettyForm, IsThatOfRecordFiles) {
    auto object = parse_json_object(R"({"b":[1,{"x":{}}],"a":"t","c":[]})");
    ASSERT_TRUE(object.has_value());
    EXPECT_EQ(to_pretty(*object),
              "{\n\t\"a\" : \"t\",\n\t\"b\" : [\n\t\t1,\n\t\t{\n\t\t\t\"x\" : "
              "{}\n\t\t}\n\t],\n\t\"c\" : []\n}\n");
}

TEST(Object, ACopySharesNothingWithTheOriginal) {
    auto object = parse_json_object(R"({"a":{"b":[{"c":1}]}})");
    ASSERT_TRUE(object.has_value());
    const auto copy = *object;
    object->find_object("a")->find("b")->array()->front().object()->set("c", 2);
    EXPECT_EQ(to_canonical(*object), R"({"a":{"b":[{"c":2}]}})");
    EXPECT_EQ(to_canonical(copy), R"({"a":{"b":[{"c":1}]}})");
}

}  // namespace
}  // namespace hearth::record
