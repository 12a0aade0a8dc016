// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/auth-pkcs11/entry.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "plugins/shared/json_text.hpp"

namespace hearth::pkcs11 {
namespace {

using testing::HasSubstr;

std::string with(const std::string& rest) {
    return R"({"uri":"pkcs11:token=a","data":"AAEC")" + rest + "}";
}

TEST(Entry, IsReadAndWritten) {
    const auto entry = parse_entry(with(R"(,"hashedPassword":"$y$x","later":[1])"));
    ASSERT_TRUE(entry) << entry.error().text();
    EXPECT_EQ(entry->uri, "pkcs11:token=a");
    EXPECT_EQ(entry->data, (Bytes{0, 1, 2}));
    EXPECT_EQ(entry->padding, Padding::pkcs1);
    EXPECT_EQ(to_json(*entry), R"({"uri":"pkcs11:token=a","data":"AAEC"})");
}

TEST(Entry, SaysItsPaddingUnlessItIsTheOldOne) {
    EXPECT_EQ(parse_entry(with(R"(,"padding":null)"))->padding, Padding::pkcs1);
    for (const std::string name : {"oaep-sha1", "oaep-sha256"}) {
        const auto entry = parse_entry(with(R"(,"padding":")" + name + "\""));
        ASSERT_TRUE(entry);
        EXPECT_NE(entry->padding, Padding::pkcs1);
        EXPECT_EQ(to_json(*entry), with(R"(,"padding":")" + name + "\""));
    }
}

TEST(Entry, DoesNotGuess) {
    const std::vector<std::pair<std::string, std::string>> damaged = {
        {"", "no JSON object"},
        {"[]", "no JSON object"},
        {with("") + "x", "no JSON object"},
        {R"({"data":"AAEC"})", "no URI"},
        {R"({"uri":7,"data":"AAEC"})", "no URI"},
        {R"({"uri":"","data":"AAEC"})", "no URI"},
        {R"({"uri":"a\u0000b","data":"AAEC"})", "zero byte"},
        {R"({"uri":")" + std::string(5000, 'a') + R"(","data":"AAEC"})", "URI is too long"},
        {R"({"uri":"a"})", "no encrypted key"},
        {R"({"uri":"a","data":["AAEC"]})", "no encrypted key"},
        {R"({"uri":"a","data":""})", "is empty"},
        {R"({"uri":"a","data":"AAE"})", "no base64"},
        {R"({"uri":"a","data":"AAE C"})", "no base64"},
        {R"({"uri":"a","data":"AAF="})", "no base64"},  // stray bits
        {R"({"uri":"a","data":"AA=="} )" + std::string(70000, ' '), "too long"},
        {R"({"uri":"a","data":")" + std::string(4000, 'A') + R"("})", "too long"},
        {with(R"(,"padding":"oaep-sha512")"), "none that this version knows"},
        {with(R"(,"padding":1)"), "no text"},
    };
    for (const auto& [text, why] : damaged) {
        const auto entry = parse_entry(text);
        ASSERT_FALSE(entry) << text.substr(0, 100);
        EXPECT_EQ(entry.error().code(), HEARTH_E_CORRUPT);
        EXPECT_THAT(entry.error().text(), HasSubstr(why)) << text.substr(0, 100);
    }
}

TEST(Entry, IsForACurveIfItIsAPoint) {
    Entry entry{"pkcs11:", Bytes(65), Padding::pkcs1};
    EXPECT_FALSE(entry.is_point());
    entry.data[0] = 4;
    EXPECT_TRUE(entry.is_point());
    entry.padding = Padding::oaep_sha1;
    EXPECT_FALSE(entry.is_point());
    EXPECT_FALSE((Entry{"pkcs11:", Bytes(64, 4), Padding::pkcs1}.is_point()));
}

TEST(Entry, OfEveryReleaseIsUnderstood) {
    const std::vector<std::pair<const char*, Padding>> known = {{"p11tok1", Padding::oaep_sha1},
                                                                {"p11tok2", Padding::pkcs1},
                                                                {"v257-p11tok1", Padding::pkcs1},
                                                                {"v257-p11tok2", Padding::pkcs1}};
    for (const auto& [name, padding] : known) {
        std::ifstream file(std::string(HEARTH_TEST_DATA "/pkcs11/") + name + ".identity");
        const auto record =
            shared::parse_object(std::string(std::istreambuf_iterator<char>(file), {}));
        json_object* list =
            shared::member(shared::member(record.get(), "privileged"), "pkcs11EncryptedKey");
        const auto entry =
            parse_entry(json_object_to_json_string(json_object_array_get_idx(list, 0)));
        ASSERT_TRUE(entry) << name << ": " << entry.error().text();
        EXPECT_EQ(entry->padding, padding);
        EXPECT_EQ(entry->is_point(), std::string_view(name).ends_with('2'));
        EXPECT_EQ(*parse_entry(to_json(*entry)), *entry);
    }
}

}  // namespace
}  // namespace hearth::pkcs11
