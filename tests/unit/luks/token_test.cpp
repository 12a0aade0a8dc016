// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/luks/token.hpp"

#include <gtest/gtest.h>

#include "host.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::luks {
namespace {

using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;
using test::data_file;

/// A header that systemd-homed wrote, with its key.
struct Vector {
    std::string token;
    std::string key;
    std::string text;

    explicit Vector(const std::string& release) {
        const Json header = parse_object(data_file("luks/" + release + "-luks2-metadata.json"));
        json_object* tokens = member(header.get(), "tokens");
        token = json_object_to_json_string_ext(member(tokens, "0"), JSON_C_TO_STRING_PLAIN);
        key = test::from_hex(data_file("luks/" + release + "-volume-key.hex").substr(0, 64));
        text = data_file("luks/" + release + "-token-plaintext.json");
    }
    [[nodiscard]] TokenCipher cipher() const {
        return {"aes", "xts-plain64", std::as_bytes(std::span<const char>(key.data(), key.size()))};
    }
};

TEST(LuksToken, OfBothReleasesDecryptsWithTheVolumeKey) {
    for (const std::string release : {"v252", "v257"}) {
        const Vector vector(release);
        const auto text = open_token(vector.token, vector.cipher());
        ASSERT_TRUE(text) << release << text.error().text();
        EXPECT_EQ(*text, vector.text);
    }
}

TEST(LuksToken, ComesBackAsItWasAndNeverTheSame) {
    const Vector vector("v252");
    const auto one = seal_token(vector.text, vector.cipher());
    const auto two = seal_token(vector.text, vector.cipher());
    ASSERT_TRUE(one && two);
    EXPECT_NE(*one, *two);
    EXPECT_EQ(*open_token(*one, vector.cipher()), vector.text);
    EXPECT_EQ(text_member(parse_object(*one).get(), "type"), "systemd-homed");
}

TEST(LuksToken, OpensWithItsOwnKeyOnly) {
    Vector vector("v252");
    vector.key[0] ^= 1;
    EXPECT_EQ(open_token(vector.token, vector.cipher()).error().code(), HEARTH_E_CORRUPT);
}

TEST(LuksToken, RefusesWhatIsDamaged) {
    const Vector vector("v252");
    for (const std::string token :
         {"", "{}", "[]", R"({"record":"AAAA"})", R"({"record":1,"iv":2})",
          R"({"record":"AAAA","iv":"AAAA"})",
          R"({"record":"!!!!","iv":"8tUNIoOdibNmaREAuacdIA=="})", R"({"record":"","iv":""})"}) {
        const auto text = open_token(token, vector.cipher());
        ASSERT_FALSE(text) << token;
        EXPECT_EQ(text.error().code(), HEARTH_E_CORRUPT) << token;
    }
    std::string flipped = vector.token;
    flipped[flipped.find("record") + 30] ^= 1;
    EXPECT_FALSE(open_token(flipped, vector.cipher()));
}

TEST(LuksToken, KnowsTheCiphersThatItCanUse) {
    EXPECT_TRUE(check_cipher("aes", "xts-plain64", 32));
    EXPECT_TRUE(check_cipher("aes", "xts-plain64", 64));
    EXPECT_TRUE(check_cipher("aes", "cbc-essiv:sha256", 32));
    EXPECT_FALSE(check_cipher("aes", "xts-plain64", 48));
    EXPECT_FALSE(check_cipher("serpent", "xts-plain64", 32));
    EXPECT_EQ(check_cipher("aes", "nonsense", 32).error().code(), HEARTH_E_BACKEND_UNAVAILABLE);
}

TEST(LuksToken, TakesKeysOf64BytesToo) {
    const std::string raw(64, '\x5a');
    std::string uneven = raw;
    uneven[40] = 'x';  // the two halves of a key for xts have to differ
    const TokenCipher with{"aes", "xts-plain64",
                           std::as_bytes(std::span<const char>(uneven.data(), uneven.size()))};
    const std::string text = R"({"userName":"somebody"})";
    EXPECT_EQ(*open_token(*seal_token(text, with), with), text);
}

}  // namespace
}  // namespace hearth::luks
