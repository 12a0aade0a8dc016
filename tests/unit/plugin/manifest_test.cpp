// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

using testing::ElementsAre;

constexpr std::string_view kFull = R"({
  "abi": {"major":0,"minor":1}, "id":"org.acme.vault", "version":"2.3.1", "license":"LGPL-2.1-or-later",
  "storage":[{"name":"acme-vault", "medium":"file", "suffix":".vault", "priority":40,
              "gptType":"773f91ef-66d4-49b5-bd83-d683bf40ad16",
              "credentials":"slots", "accepts":["password","recovery","token"],
              "can":["resize-online","shrink-offline","lock","header","encrypted"],
              "dirtyXattr":true, "dropCaches":false, "autoResize":"shrink-and-grow",
              "options":[{"name":"acme-vault-cipher","field":"acmeVaultCipher","type":"string","help":"cipher to use"}]}],
  "auth":[{"name":"acme-key","recordArray":"/privileged/acmeVaultKey","publicArray":"/acmeVaultKeyId","publicField":"id"}],
  "fieldPrefix":"acmeVault",
  "needs":{"capabilities":["CAP_SYS_ADMIN"],"devices":["/dev/mapper/control","/dev/hidraw*"],"network":true} })";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string result(text);
    const auto at = result.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return result.replace(at, from.size(), to);
}

std::string error_of(const std::string& json) {
    const auto manifest = parse_manifest(json);
    return manifest ? "accepted" : manifest.error().id();
}

TEST(Manifest, HoldsEveryMember) {
    const auto parsed = parse_manifest(kFull);
    ASSERT_TRUE(parsed) << parsed.error().one_line();
    EXPECT_EQ(parsed->abi_minor, 1U);
    EXPECT_EQ(parsed->id, "org.acme.vault");
    EXPECT_EQ(parsed->version, "2.3.1");
    EXPECT_EQ(parsed->license, "LGPL-2.1-or-later");
    EXPECT_EQ(parsed->field_prefix, "acmeVault");
    EXPECT_THAT(parsed->needs.capabilities, ElementsAre("CAP_SYS_ADMIN"));
    EXPECT_THAT(parsed->needs.devices, ElementsAre("/dev/mapper/control", "/dev/hidraw*"));
    EXPECT_TRUE(parsed->needs.network);
    const auto* auth = parsed->find_auth("acme-key");
    ASSERT_NE(auth, nullptr);
    EXPECT_EQ(auth->record_array, "/privileged/acmeVaultKey");
    EXPECT_EQ(auth->public_field, "id");
}

TEST(Manifest, HoldsEveryMemberOfAStorage) {
    const auto parsed = parse_manifest(kFull);
    ASSERT_TRUE(parsed);
    const auto* storage = parsed->find_storage("acme-vault");
    ASSERT_NE(storage, nullptr);
    EXPECT_EQ(storage->medium, Medium::file);
    EXPECT_EQ(storage->suffix, ".vault");
    EXPECT_EQ(storage->priority, 40U);
    EXPECT_EQ(storage->gpt_type.size(), 36U);
    EXPECT_EQ(storage->credentials, Credentials::slots);
    EXPECT_TRUE(storage->accepts_kind("token"));
    EXPECT_TRUE(storage->has("lock"));
    EXPECT_FALSE(storage->has("quota"));
    EXPECT_TRUE(storage->dirty_xattr);
    EXPECT_FALSE(storage->drop_caches);
    EXPECT_EQ(storage->auto_resize, AutoResize::shrink_and_grow);
    ASSERT_EQ(storage->options.size(), 1U);
    EXPECT_EQ(storage->options[0].field, "acmeVaultCipher");
    EXPECT_EQ(storage->options[0].type, OptionType::string);
    EXPECT_EQ(parsed->find_storage("other"), nullptr);
}

TEST(Manifest, HasDefaultsForWhatIsOptional) {
    const auto parsed = parse_manifest(test::make_manifest("org.example.a", "a"));
    ASSERT_TRUE(parsed) << parsed.error().one_line();
    EXPECT_EQ(parsed->storage[0].priority, 0U);
    EXPECT_EQ(parsed->storage[0].auto_resize, AutoResize::off);
    EXPECT_TRUE(parsed->field_prefix.empty());
    EXPECT_FALSE(parsed->needs.network);
}

TEST(Manifest, RefusesWhatIsNotJson) {
    for (const auto* text : {"", "[]", "{", "{}x", "{\"id\":1,\"id\":2}"})
        EXPECT_EQ(error_of(text), "plugin-manifest-json") << text;
    EXPECT_EQ(error_of(std::string(20000, ' ') + "{}"), "plugin-manifest-json");
}

TEST(Manifest, RefusesMembersThatAreMissing) {
    for (const auto* member : {"abi", "id", "version", "license", "needs"}) {
        const auto json = replaced(test::make_manifest("org.example.a", "a"),
                                   "\"" + std::string(member) + "\":", "\"x\":");
        EXPECT_EQ(error_of(json), "plugin-manifest-member") << member;
    }
}

struct Change {
    const char* from;
    const char* to;
    const char* id;
};

TEST(Manifest, RefusesMistakesByName) {
    constexpr auto* kMember = "plugin-manifest-member";
    constexpr auto* kValue = "plugin-manifest-value";
    constexpr auto* kUnknown = "plugin-manifest-unknown";
    for (const Change& change : std::initializer_list<Change>{
             {R"("org.acme.vault")", R"(7)", kMember},
             {R"("org.acme.vault")", R"("vault")", kValue},
             {R"("org.acme.vault")", R"("../etc.x")", kValue},
             {R"("org.acme.vault")", R"("org..x")", kValue},
             {R"("2.3.1")", R"("2 3")", kValue},
             {R"("minor":1)", R"("minor":-1)", kMember},
             {R"("minor":1)", R"("minor":"1")", kMember},
             {R"("minor":1)", R"("minor":true)", kMember},
             {R"("minor":1)", R"("minor":1,"patch":2)", kUnknown},
             {R"("name":"acme-vault")", R"("name":"Acme Vault")", kValue},
             {R"("name":"acme-vault")", R"("nam":"acme-vault")", kMember},
             {R"("medium":"file")", R"("medium":"tape")", kValue},
             {R"(".vault")", R"("/../x")", kValue},
             {R"("priority":40)", R"("priority":101)", kMember},
             {R"("773f91ef-66)", R"("773F91EF-66)", kValue},
             {R"("slots")", R"("many")", kValue},
             {R"("recovery",)", R"("fingerprint",)", kValue},
             {R"("lock",)", R"("fly",)", kValue},
             {R"("dirtyXattr":true)", R"("dirtyXattr":1)", kMember},
             {R"("dirtyXattr":true)", R"("dirtyXatr":true)", kUnknown},
             {R"("shrink-and-grow")", R"("sometimes")", kValue},
             {R"("field":"acmeVaultCipher")", R"("field":"a/b")", kValue},
             {R"("type":"string")", R"("type":"text")", kValue},
             {R"("/privileged/acmeVaultKey")", R"("privileged")", kValue},
             {R"("publicField":"id")", R"("publicField":"")", kValue},
             {R"("CAP_SYS_ADMIN")", R"("SYS_ADMIN")", kValue},
             {R"("/dev/mapper/control")", R"("/etc/shadow")", kValue},
             {R"("/dev/mapper/control")", R"("/dev/../etc")", kValue},
             {R"("network":true)", R"("network":"yes")", kMember},
             {R"("capabilities":["CAP_SYS_ADMIN"])", R"("capabilities":"CAP_SYS_ADMIN")", kMember},
         })
        EXPECT_EQ(error_of(replaced(kFull, change.from, change.to)), change.id) << change.to;
}

TEST(Manifest, NamesThePlaceOfTheMistake) {
    const auto parsed = parse_manifest(replaced(kFull, R"("type":"string")", R"("type":"text")"));
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().what().find("storage[0].options[0].type"), std::string::npos)
        << parsed.error().one_line();
}

TEST(Manifest, RefusesAPluginThatOffersNothing) {
    EXPECT_EQ(
        error_of(
            R"({"abi":{"major":0,"minor":1},"id":"org.a.b","version":"1","license":"MIT","needs":{}})"),
        "plugin-manifest-empty");
}

TEST(Manifest, RefusesOneNameTwice) {
    const auto json = replaced(kFull, R"("auth":[)",
                               R"("auth":[{"name":"acme-key","recordArray":"/privileged/x"},)");
    EXPECT_EQ(error_of(json), "plugin-manifest-value");
}

}  // namespace
}  // namespace hearth::plugin
