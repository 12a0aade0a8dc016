// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/secret_section.hpp"

#include <gtest/gtest.h>
#include <hearth/host_secrets.h>

namespace hearth::record {
namespace {

std::vector<std::string> texts(const std::vector<secret::Secret>& secrets) {
    std::vector<std::string> out;
    for (const auto& secret : secrets) out.emplace_back(secret.view());
    return out;
}

using Texts = std::vector<std::string>;

TEST(SecretSection, ReadsEveryField) {
    const auto secrets = parse_secret(
        R"({"password":["one","two"],"tokenPin":["1"],"pkcs11Pin":"2","fido2UserPresencePermitted":true,)"
        R"("fido2UserVerificationPermitted":false,"pkcs11ProtectedAuthenticationPathPermitted":true})");
    ASSERT_TRUE(secrets.has_value()) << secrets.error().one_line();
    EXPECT_EQ(texts(secrets->passwords), (Texts{"one", "two"}));
    EXPECT_EQ(texts(secrets->pins), (Texts{"1", "2"}));
    EXPECT_EQ(secrets->permissions, HEARTH_PERMIT_USER_PRESENCE | HEARTH_PERMIT_PROTECTED_PATH);
}

TEST(SecretSection, MayBeEmptyInManyWays) {
    for (const char* text :
         {"{}", " { } ", R"({"password":[]})", R"({"password":null})", R"({"secret":{}})",
          R"({"secret":null})", R"({"tokenPin":null,"fido2UserPresencePermitted":null})"}) {
        const auto secrets = parse_secret(text);
        ASSERT_TRUE(secrets.has_value()) << text << ": " << secrets.error().one_line();
        EXPECT_TRUE(secrets->empty()) << text;
        EXPECT_EQ(secrets->permissions, 0U);
    }
}

TEST(SecretSection, MayComeInsideARecord) {
    for (const char* text :
         {R"({"secret":{"password":"x"}})", R"({"userName":"ada","secret":{"password":["x"]}})",
          R"({"\u0073ecret" : {"password" : ["x"] } , "z":[{"secret":{"password":["y"]}}]})"})
        EXPECT_EQ(texts(parse_secret(text).value().passwords), Texts{"x"}) << text;
}

TEST(SecretSection, UnderstandsWhatIsEscaped) {
    const auto secrets =
        parse_secret(R"({"password":["a\"b\\c\/d\b\f\n\r\t","\u00fc\u20AC\ud83d\ude00","gr)"
                     "\xc3\xbc"
                     R"(n"]})");
    ASSERT_TRUE(secrets.has_value());
    EXPECT_EQ(
        texts(secrets->passwords),
        (Texts{"a\"b\\c/d\b\f\n\r\t", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", "gr\xc3\xbcn"}));
}

TEST(SecretSection, KeepsAnEmptyPasswordApartFromNone) {
    const auto secrets = parse_secret(R"({"password":""})");
    ASSERT_TRUE(secrets.has_value());
    EXPECT_EQ(texts(secrets->passwords), Texts{""});
}

TEST(SecretSection, NamesThePlaceOfAMistakeAndNothingElse) {
    const auto secrets = parse_secret("{\n  \"password\": [\"hunter2\", 5]}");
    ASSERT_FALSE(secrets.has_value());
    EXPECT_EQ(secrets.error().id(), "record-secret");
    EXPECT_NE(secrets.error().why().find("line 2, column 27"), std::string::npos)
        << secrets.error().why();
    EXPECT_EQ(secrets.error().one_line().find("hunter2"), std::string::npos);
}

TEST(SecretSection, RefusesOtherShapes) {
    for (const char* text :
         {R"({"secret":[]})", R"({"password":5})", R"({"password":{"x":1}})",
          R"({"password":[null]})", R"({"tokenPin":true})", R"({"fido2UserPresencePermitted":1})",
          R"({"fido2UserPresencePermitted":"true"})"})
        EXPECT_EQ(parse_secret(text).error().id(), "record-secret") << text;
    EXPECT_EQ(parse_secret("[]").error().id(), "json-not-object");
    EXPECT_EQ(parse_secret(R"({"password":"x)").error().id(), "json-truncated");
    EXPECT_EQ(parse_secret(R"({"password":"x\u0000"})").error().id(), "json-nul");
}

TEST(SecretSection, IgnoresMembersOfLaterReleasesUnlessToldNotTo) {
    constexpr const char* kText = R"({"later":[{"x":[1,-2,"}"]},true],"password":"x"})";
    EXPECT_EQ(texts(parse_secret(kText)->passwords), Texts{"x"});
    EXPECT_EQ(parse_secret(kText, Unknown::refuse).error().id(), "record-secret");
}

TEST(SecretSection, HoldsNoMoreThanAnOperationTakes) {
    std::string many = R"({"password":["x")";
    for (int i = 0; i < 64; ++i) many += R"(,"x")";
    EXPECT_EQ(parse_secret(many + "]}").error().id(), "secrets-too-many");
    const std::string longest(4096, 'x');
    EXPECT_TRUE(parse_secret(R"({"password":")" + longest + R"("})").has_value());
    EXPECT_EQ(parse_secret(R"({"password":"x)" + longest + R"("})").error().id(),
              "secrets-too-many");
}

TEST(RecordWithSecret, IsTakenApart) {
    const auto split = parse_record_with_secret(
        R"({"userName":"ada","secret":{"password":["x"],"n":{"a":[1,2]}},"z":[1,{"b":null}]})");
    ASSERT_TRUE(split.has_value()) << split.error().one_line();
    EXPECT_EQ(split->record.canonical(), R"({"userName":"ada","z":[1,{"b":null}]})");
    EXPECT_EQ(texts(split->secrets.passwords), Texts{"x"});
}

TEST(RecordWithSecret, NeedNotHaveOne) {
    const auto split = parse_record_with_secret(R"({"userName":"ada"})");
    ASSERT_TRUE(split.has_value());
    EXPECT_EQ(split->record.canonical(), R"({"userName":"ada"})");
    EXPECT_TRUE(split->secrets.empty());
}

TEST(RecordWithSecret, IsRefusedForWhatIsWrongWithEitherPart) {
    EXPECT_EQ(parse_record_with_secret(R"({"secret":{"password":"x"}})").error().id(),
              "record-without-name");
    EXPECT_EQ(parse_record_with_secret(R"({"userName":"a","secret":5})").error().id(),
              "record-secret");
    EXPECT_EQ(parse_record_with_secret(R"({"userName":"a","secret":{},"secret":{}})").error().id(),
              "json-duplicate-key");
    EXPECT_EQ(parse_record_with_secret(R"({"userName":"a","secret":{"x":1}})", Unknown::refuse)
                  .error()
                  .id(),
              "record-secret");
}

}  // namespace
}  // namespace hearth::record
