// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/validate.hpp"

#include <gtest/gtest.h>

#include "core/record/names.hpp"
#include "core/record/schema.hpp"

namespace hearth::record {
namespace {

UserRecord with(const std::string& members) {
    auto record = UserRecord::parse(R"({"userName":"anna",)" + members + "}");
    if (!record) throw std::runtime_error(record.error().one_line() + " " + members);
    return std::move(record).value();
}

class GoodFields : public testing::TestWithParam<const char*> {};
TEST_P(GoodFields, AreAccepted) {
    const auto result = validate(with(GetParam()), Unknown::refuse);
    EXPECT_TRUE(result.has_value()) << GetParam() << ": " << result.error().one_line();
}
INSTANTIATE_TEST_SUITE_P(
    Corpus, GoodFields,
    testing::Values(
        R"("x-extension":{"any":[1,2]})", R"("realm":"example.com")", R"("diskSize":0)",
        R"("diskSize":"123")", R"("umask":18)", R"("umask":"0022")", R"("accessMode":"0700")",
        R"("niceLevel":-20)", R"("niceLevel":19)", R"("shell":"/bin/bash")",
        R"("environment":["A=b","_X=","B=c=d"])", R"("locked":true)", R"("storage":"luks")",
        R"("storage":"my-plugin")", R"("uid":0)", R"("uid":4294967294)", R"("memberOf":["wheel"])",
        R"("birthDate":"2000-02-29")", R"("rebalanceWeight":false)", R"("rebalanceWeight":10000)",
        R"("autoResizeMode":"grow")", R"("autoResizeMode":true)",
        R"("resourceLimits":{"RLIMIT_NOFILE":{"cur":1,"max":null}})",
        R"("blobManifest":{"avatar":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})",
        R"("pkcs11TokenUri":"pkcs11:token=x")", R"("pkcs11TokenUri":["pkcs11:token=x"])",
        R"("luksUuid":"16fb1b03-9b05-4bd7-8eb7-a134bc52afe0")", R"("shell":null)",
        R"("perMachine":[{"matchHostname":["a"],"diskSize":5}])",
        R"("privileged":{"hashedPassword":["$y$x"]})",
        R"("binding":{"m":{"uid":5,"imagePath":"/home/a.home"}})",
        R"("status":{"m":{"diskUsage":5}})"));

struct BadField {
    const char* members;
    const char* path;
};
class BadFields : public testing::TestWithParam<BadField> {};
TEST_P(BadFields, AreNamedByTheirPath) {
    const auto result = validate(with(GetParam().members));
    ASSERT_FALSE(result.has_value()) << GetParam().members;
    EXPECT_EQ(result.error().id(), "record-field");
    EXPECT_EQ(result.error().what(),
              std::string("The field ") + GetParam().path + " of the user record is not valid.");
    EXPECT_FALSE(result.error().why().empty());
}
INSTANTIATE_TEST_SUITE_P(
    Corpus, BadFields,
    testing::Values(
        BadField{R"("realm":"a..b")", "realm"}, BadField{R"("realm":7)", "realm"},
        BadField{R"("diskSize":-1)", "diskSize"}, BadField{R"("diskSize":"1x")", "diskSize"},
        BadField{R"("diskSize":true)", "diskSize"}, BadField{R"("umask":512)", "umask"},
        BadField{R"("umask":"0888")", "umask"}, BadField{R"("accessMode":"10000")", "accessMode"},
        BadField{R"("niceLevel":20)", "niceLevel"}, BadField{R"("niceLevel":-21)", "niceLevel"},
        BadField{R"("niceLevel":"5")", "niceLevel"}, BadField{R"("shell":"bash")", "shell"},
        BadField{R"("shell":"/bin/../x")", "shell"}, BadField{R"("shell":"/bin/")", "shell"},
        BadField{R"("shell":"/bin/a:b")", "shell"},
        BadField{R"("homeDirectory":"/home//a")", "homeDirectory"},
        BadField{R"("homeDirectory":"/")", "homeDirectory"},
        BadField{R"("imagePath":"//")", "imagePath"},
        BadField{R"("imagePath":"/a\nb")", "imagePath"},
        BadField{R"("environment":["novalue"])", "environment"},
        BadField{R"("environment":["9A=b"])", "environment"}, BadField{R"("locked":1)", "locked"},
        BadField{R"("storage":"../x")", "storage"}, BadField{R"("storage":"")", "storage"},
        BadField{R"("uid":65535)", "uid"}, BadField{R"("uid":4294967295)", "uid"},
        BadField{R"("memberOf":["a:b"])", "memberOf"},
        BadField{R"("memberOf":"wheel")", "memberOf"},
        BadField{R"("birthDate":"2001-02-29")", "birthDate"},
        BadField{R"("birthDate":"1899-01-01")", "birthDate"},
        BadField{R"("disposition":"boss")", "disposition"},
        BadField{R"("rebalanceWeight":10001)", "rebalanceWeight"},
        BadField{R"("tasksMax":0)", "tasksMax"}, BadField{R"("cpuWeight":10001)", "cpuWeight"},
        BadField{R"("resourceLimits":{"RLIMIT_CPU":{"cur":1}})", "resourceLimits"},
        BadField{R"("blobManifest":{".x":"aa"})", "blobManifest"},
        BadField{R"("luksUuid":"16fb1b039b054bd78eb7a134bc52afe0")", "luksUuid"},
        BadField{R"("emailAddress":"a\u0001b")", "emailAddress"},
        BadField{R"("perMachine":[{"matchHostname":"a"},{"diskSize":[]}])",
                 "perMachine[1].diskSize"},
        BadField{R"("privileged":{"hashedPassword":7})", "privileged.hashedPassword"},
        BadField{R"("privileged":{"fido2HmacSalt":[7]})", "privileged.fido2HmacSalt"},
        BadField{R"("binding":{"m":{"uid":"x"}})", "binding.m.uid"},
        BadField{R"("status":{"m":{"rateLimitCount":-1}})", "status.m.rateLimitCount"},
        BadField{R"("secret":{"password":[1]})", "secret.password"}));

TEST(Validate, RefusesStrangersInSectionsOnlyWhenAsked) {
    const auto record = with(R"("perMachine":[{"matchHostname":"a","realName":"x"}])");
    EXPECT_TRUE(validate(record).has_value());
    EXPECT_EQ(validate(record, Unknown::refuse).error().what(),
              "The field perMachine[0].realName of the user record is not valid.");
}

TEST(Validate, SaysWhatIsWrongWithANameThatIsAPath) {
    const auto record = UserRecord::parse(R"({"userName":"../etc/passwd"})");
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(validate(*record).error().id(), "user-name-path");
    EXPECT_EQ(validate_managed(*record).error().id(), "user-name-path");
}

TEST(Validate, KnowsWhatAManagedHomeNeedsBesides) {
    EXPECT_TRUE(
        validate_managed(
            with(R"("uid":60001,"gid":60001,"service":"io.systemd.Home","disposition":"regular")"))
            .has_value());
    EXPECT_EQ(validate_managed(with(R"("uid":60001,"gid":60002)")).error().id(), "record-field");
    EXPECT_FALSE(validate_managed(with(R"("service":"org.example.Other")")).has_value());
    EXPECT_FALSE(validate_managed(with(R"("storage":"classic")")).has_value());
    EXPECT_FALSE(validate_managed(with(R"("disposition":"system")")).has_value());
}

TEST(Schema, FindsEveryFieldAndNoOther) {
    EXPECT_EQ(find_field("accessMode")->type, FieldType::mode);
    EXPECT_EQ(find_field("uuid")->type, FieldType::uuid);
    EXPECT_EQ(find_field(""), nullptr);
    EXPECT_EQ(find_field("zzz"), nullptr);
    EXPECT_FALSE(overlap(sections_of_field("userName"), Sections::per_machine | Sections::binding));
    EXPECT_TRUE(overlap(sections_of_field("x-unknown"), Sections::binding));
}

struct Name {
    std::string name;
    const char* managed;  ///< the id of the refusal, or null
    const char* relaxed;
};
class Names : public testing::TestWithParam<Name> {};
TEST_P(Names, AreJudgedByBothRules) {
    const auto id = [](const Result<void>& result) {
        return result ? std::string() : result.error().id();
    };
    const auto expect = [](const char* text) { return std::string(text ? text : ""); };
    EXPECT_EQ(id(check_managed_user_name(GetParam().name)), expect(GetParam().managed))
        << GetParam().name;
    EXPECT_EQ(id(check_relaxed_user_name(GetParam().name)), expect(GetParam().relaxed))
        << GetParam().name;
}
INSTANTIATE_TEST_SUITE_P(
    Corpus, Names,
    testing::Values(
        Name{"anna", nullptr, nullptr}, Name{"Anna-2_x", nullptr, nullptr},
        Name{std::string(31, 'a'), nullptr, nullptr},
        Name{"", "user-name-empty", "user-name-empty"},
        Name{std::string(32, 'a'), "user-name-too-long", nullptr},
        Name{std::string(256, 'a'), "user-name-too-long", "user-name-too-long"},
        Name{"a/b", "user-name-path", "user-name-path"},
        Name{"..", "user-name-path", "user-name-path"},
        Name{".", "user-name-path", "user-name-path"},
        Name{"/", "user-name-path", "user-name-path"},
        Name{"1000", "user-name-numeric", "user-name-numeric"},
        Name{"-5", "user-name-numeric", "user-name-numeric"},
        Name{"-", "user-name-numeric", "user-name-numeric"},
        Name{"root", "user-name-reserved", nullptr}, Name{"nobody", "user-name-reserved", nullptr},
        Name{"systemd-x", "user-name-reserved", nullptr},
        Name{"_apt", "user-name-reserved", nullptr}, Name{"1a", "user-name-character", nullptr},
        Name{"-a", "user-name-character", nullptr}, Name{"a.b", "user-name-character", nullptr},
        Name{"a b", "user-name-character", nullptr},
        Name{" a", "user-name-character", "user-name-character"},
        Name{"a:b", "user-name-character", "user-name-character"},
        Name{"a\nb", "user-name-character", "user-name-character"},
        Name{"\xff", "user-name-character", "user-name-character"},
        Name{"\xc3\xa4nna", "user-name-character", nullptr}));

TEST(Realm, IsADomainName) {
    for (const char* good : {"example.com", "a", "x-1.y_z.example"})
        EXPECT_TRUE(check_realm(good).has_value()) << good;
    for (const char* bad : {"", ".", "a..b", ".a", "a.", "-a.com", "a-.com", "a b", "\xc3\xa4.de"})
        EXPECT_EQ(check_realm(bad).error().id(), "realm-invalid") << bad;
    EXPECT_FALSE(check_realm(std::string(64, 'a')).has_value());
}

}  // namespace
}  // namespace hearth::record
