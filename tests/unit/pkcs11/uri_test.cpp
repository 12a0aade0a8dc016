// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/auth-pkcs11/uri.hpp"

#include <gmock/gmock.h>

#include <cstring>

#include "fake_token.hpp"

namespace hearth::pkcs11 {
namespace {

bool means(const std::string& uri, const CK_TOKEN_INFO& token) {
    const auto parsed = Uri::parse(uri);
    EXPECT_TRUE(parsed) << parsed.error().text();
    return parsed && parsed->matches(token);
}

TEST(Uri, OfATokenMeansItAndNoOther) {
    const test::FakeToken one("my card; 50 % off/é");
    const test::FakeToken other("another");
    const std::string uri = Uri::of_token(one.info);
    EXPECT_TRUE(uri.starts_with("pkcs11:")) << uri;
    EXPECT_TRUE(means(uri, one.info));
    EXPECT_FALSE(means(uri, other.info));
}

TEST(Uri, MeansWhatItDoesNotRuleOut) {
    const test::FakeToken token("card");
    EXPECT_TRUE(means("pkcs11:", token.info));
    EXPECT_TRUE(means("pkcs11:token=card", token.info));
    EXPECT_TRUE(means("pkcs11:manufacturer=Nobody;object=key", token.info));
    EXPECT_FALSE(means("pkcs11:token=car", token.info));
    EXPECT_FALSE(means("pkcs11:token=Card", token.info));
    EXPECT_FALSE(means("pkcs11:token=card;serial=1", token.info));
}

TEST(Uri, GivesWhatItSaysOfObjectsButTheirClass) {
    const auto uri = Uri::parse("pkcs11:token=card;object=a%20b;id=%01%02;type=cert");
    ASSERT_TRUE(uri);
    const auto attributes = uri->object_attributes();
    ASSERT_EQ(attributes.size(), 2U);
    for (const auto& one : attributes)
        if (one.type == CKA_ID) {
            EXPECT_EQ(std::memcmp(one.pValue, "\x01\x02", 2), 0);
        }
}

TEST(Uri, KnowsThatAPinIsInIt) {
    EXPECT_FALSE(Uri::parse("pkcs11:token=card")->has_pin());
    EXPECT_TRUE(Uri::parse("pkcs11:token=card?pin-value=1234")->has_pin());
    EXPECT_TRUE(Uri::parse("pkcs11:token=card?pin-source=file:/etc/pin")->has_pin());
}

TEST(Uri, ThatIsNoneIsRefused) {
    for (const std::string text :
         {"", "card", "pkcs12:token=card", "pkcs11:token", "pkcs11:token=%zz", "pkcs11:colour=red",
          "pkcs11:type=nonsense", "auto"}) {
        const auto uri = Uri::parse(text);
        ASSERT_FALSE(uri) << text;
        EXPECT_EQ(uri.error().code(), HEARTH_E_INVALID_ARGUMENT) << text;
    }
    EXPECT_FALSE(Uri::parse(std::string("pkcs11:token=a\0b", 16)));
}

}  // namespace
}  // namespace hearth::pkcs11
