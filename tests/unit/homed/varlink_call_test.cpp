// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/call.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hearth::homed::varlink {
namespace {

TEST(VarlinkCall, IsRead) {
    const auto call = parse_call(R"({"method":"a.b.C","parameters":{"x":1},"more":true})");
    ASSERT_TRUE(call.has_value());
    EXPECT_EQ(call->method, "a.b.C");
    EXPECT_EQ(call->interface(), "a.b");
    EXPECT_EQ(call->parameters.get("x").natural(), 1U);
    EXPECT_TRUE(call->more);
    EXPECT_FALSE(call->oneway);
}

TEST(VarlinkCall, NeedsNoParameters) {
    for (const char* text : {R"({"method":"a.B"})", R"({"method":"a.B","parameters":null})"}) {
        const auto call = parse_call(text);
        ASSERT_TRUE(call.has_value()) << text;
        EXPECT_TRUE(call->parameters.empty());
    }
}

TEST(VarlinkCall, MayHaveAMethodWithoutInterface) {
    const auto call = parse_call(R"({"method":"Ping"})");
    ASSERT_TRUE(call.has_value());
    EXPECT_EQ(call->interface(), "");
}

TEST(VarlinkCall, RefusesWhatIsNone) {
    for (const char* text :
         {"", "{", "[]", "{}", "1", "hello", R"({"method":1})", R"({"method":""})",
          R"({"method":"a.B","parameters":[]})", R"({"method":"a.B","more":1})",
          R"({"method":"a.B","oneway":"yes"})", R"({"method":"a.B","more":true,"oneway":true})",
          R"({"method":"a.B","upgrade":true})", R"({"method":"a.B","method":"a.B"})",
          R"({"method":"a.B"} )"
          "x"}) {
        EXPECT_FALSE(parse_call(text).has_value()) << text;
    }
}

TEST(VarlinkCall, RefusesWhatIsTooLongOrTooDeep) {
    EXPECT_FALSE(parse_call(R"({"method":")" + std::string(kMaxCall, 'x') + "\"}").has_value());
    EXPECT_FALSE(parse_call(R"({"method":"a.B","parameters":{"x":)" + std::string(100, '[') +
                            std::string(100, ']') + "}}")
                     .has_value());
}

}  // namespace
}  // namespace hearth::homed::varlink
