// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/object.hpp"

#include <gtest/gtest.h>

#include "core/record/json.hpp"

namespace hearth::record {
namespace {

TEST(Object, KeepsItsMembersSortedBytewise) {
    Object object;
    for (const char* name : {"b", "\xc3\xa4", "", "B", "a", "ab"}) object.set(name, name);
    EXPECT_EQ(
        to_canonical(object),
        "{\"\":\"\",\"B\":\"B\",\"a\":\"a\",\"ab\":\"ab\",\"b\":\"b\",\"\xc3\xa4\":\"\xc3\xa4\"}");
    EXPECT_EQ(object.size(), 6U);
}

TEST(Object, HasEachNameOnce) {
    Object object;
    object.set("a", 1);
    object.set("a", "two");
    EXPECT_EQ(to_canonical(object), R"({"a":"two"})");
}

TEST(Object, SortsMembersThatComeAtOnce) {
    Object::Members members;
    for (const char* name : {"c", "a", "b"}) members.emplace_back(name, Value(true));
    EXPECT_EQ(to_canonical(Object::from_members(std::move(members))),
              R"({"a":true,"b":true,"c":true})");
}

TEST(Object, TellsWhatIsMissingFromWhatIsNull) {
    Object object;
    object.set("n", Value());
    EXPECT_TRUE(object.contains("n"));
    EXPECT_NE(object.find("n"), nullptr);
    EXPECT_FALSE(object.contains("m"));
    EXPECT_EQ(object.find("m"), nullptr);
    EXPECT_TRUE(object.get("n").is_null());
    EXPECT_TRUE(object.get("m").is_null());
    EXPECT_EQ(object.find_object("n"), nullptr);
}

TEST(Object, RemovesOnlyWhatIsNamed) {
    auto object = parse_json_object(R"({"a":1,"b":2,"c":3,"d":4})").value();
    object.remove("b");
    object.remove("x");
    EXPECT_EQ(to_canonical(object), R"({"a":1,"c":3,"d":4})");
    object.remove_if([](const std::string& name) { return name != "c"; });
    EXPECT_EQ(to_canonical(object), R"({"c":3})");
    object.remove("c");
    EXPECT_TRUE(object.empty());
}

TEST(Object, CanBePutIntoItself) {
    auto object = parse_json_object(R"({"a":{"b":1}})").value();
    object.set("c", object);
    object.set("a", *object.find("c"));
    EXPECT_EQ(to_canonical(object), R"({"a":{"a":{"b":1}},"c":{"a":{"b":1}}})");
}

TEST(Value, IsEqualToWhatPrintsTheSame) {
    const auto parsed = Value::parse(R"({"list":["a","b"],"number":5,"real":-0.0})").value();
    Object made;
    made.set("number", std::int64_t{5});
    made.set("list", std::vector<std::string>{"a", "b"});
    made.set("real", Value(0.0));
    EXPECT_EQ(parsed, Value(made));
    made.set("number", Value(5.0));
    EXPECT_FALSE(parsed == Value(made));
}

TEST(Value, LendsOnlyWhatItHolds) {
    EXPECT_EQ(*Value("t").string(), "t");
    EXPECT_EQ(Value("t").array(), nullptr);
    EXPECT_EQ(Value("t").object(), nullptr);
    EXPECT_EQ(Value(Array()).string(), nullptr);
    EXPECT_EQ(Value(Object()).array(), nullptr);
    EXPECT_TRUE(Value(Object()).object()->empty());
}

TEST(Value, IsNoNumberForWhoWantsNoText) {
    EXPECT_EQ(Value(7U).natural(), 7U);
    EXPECT_EQ(Value(UINT64_MAX).natural(), UINT64_MAX);
    EXPECT_FALSE(Value("7").natural().has_value());
    EXPECT_FALSE(Value(-7).natural().has_value());
    EXPECT_FALSE(Value(7.0).natural().has_value());
    EXPECT_FALSE(Value(true).natural().has_value());
}

}  // namespace
}  // namespace hearth::record
