// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/password_hash.hpp"

#include <gtest/gtest.h>

#include "core/secret/verifier.hpp"

namespace hearth::secret {
namespace {

const HashMethod kCheap{"$y$", 1};

Secret secret_of(std::string_view text) {
    return Secret::copy_of(text).value();
}

std::string cheap_hash(std::string_view text) {
    return hash_password(secret_of(text), kCheap).value();
}

TEST(PasswordHash, IsYescryptUnlessToldOtherwise) {
    const auto hash = hash_password(secret_of("test"));
    ASSERT_TRUE(hash.has_value());
    EXPECT_TRUE(hash->starts_with("$y$j9T$")) << *hash;
    EXPECT_TRUE(matches(secret_of("test"), *hash));
    EXPECT_FALSE(matches(secret_of("Test"), *hash));
}

TEST(PasswordHash, HasAFreshSaltEachTime) {
    EXPECT_NE(cheap_hash("test"), cheap_hash("test"));
}

TEST(PasswordHash, AcceptsWhatOtherProgramsMade) {
    // printf test | openssl passwd -6 -salt saltsalt -stdin
    const std::string sha512 =
        "$6$saltsalt$JcVDtuB6d1BHhCd5RPBh8g8xX/1CbY8EU2PN0MTaj2/"
        "Mypw4P./C6dN4j0HALhzBDTocyW1Jm.gYaTPjFGCV40";
    EXPECT_TRUE(matches(secret_of("test"), sha512));
    EXPECT_FALSE(matches(secret_of("tes"), sha512));
    const std::string md5 = hash_password(secret_of("test"), {"$1$", 0}).value();
    EXPECT_TRUE(matches(secret_of("test"), md5));
}

TEST(PasswordHash, MatchesNothingOfAnUnknownScheme) {
    for (const char* hash : {"", "*", "!", "!!", "x", "*0", "*1", "$unknown$salt$hash", "$y$"})
        EXPECT_FALSE(matches(secret_of("test"), hash)) << hash;
    EXPECT_FALSE(matches(Secret{}, ""));
}

TEST(PasswordHash, RefusesPasswordsThatCryptWouldCutShort) {
    const std::string with_nul("test\0more", 9);
    EXPECT_EQ(hash_password(secret_of(with_nul), kCheap).error().id(), "password-unusable");
    EXPECT_FALSE(matches(secret_of(with_nul), cheap_hash("test")));
    EXPECT_EQ(hash_password(secret_of(std::string(512, 'x')), kCheap).error().id(),
              "password-unusable");
    EXPECT_EQ(hash_password(Secret{}, kCheap).error().id(), "password-unusable");
}

TEST(PasswordHash, ComparesTheWholeHash) {
    const std::string hash = cheap_hash("test");
    EXPECT_FALSE(matches(secret_of("test"), hash.substr(0, hash.size() - 1)));
    EXPECT_FALSE(matches(secret_of("test"), hash + std::string("\0x", 2)));
}

TEST(PasswordHash, NamesTheMethodItDoesNotKnow) {
    const auto result = hash_password(secret_of("test"), {"$nonsense$", 0});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().id(), "password-hash-failed");
    EXPECT_NE(result.error().what().find("$nonsense$"), std::string::npos);
}

TEST(PasswordVerifier, DerivesEachPairOnce) {
    const std::string hash = cheap_hash("right");
    PasswordVerifier verifier;
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(verifier.opens(secret_of("right"), hash));
        EXPECT_FALSE(verifier.opens(secret_of("wrong"), hash));
    }
    EXPECT_EQ(verifier.derivations(), 2U);
}

TEST(PasswordVerifier, FindsWhichSecretOpensWhichHash) {
    std::vector<Secret> secrets;
    secrets.push_back(secret_of("one"));
    secrets.push_back(secret_of("two"));
    const std::vector<std::string> hashes{cheap_hash("other"), cheap_hash("two")};
    PasswordVerifier verifier;
    const auto match = verifier.find(secrets, hashes);
    ASSERT_TRUE(match.has_value());
    EXPECT_EQ(match->secret, 1U);
    EXPECT_EQ(match->hash, 1U);
    EXPECT_EQ(verifier.derivations(), 4U);
    EXPECT_EQ(verifier.find_secret(secrets, hashes[1]), 1U);
    EXPECT_EQ(verifier.find_secret(secrets, hashes[0]), std::nullopt);
    EXPECT_EQ(verifier.derivations(), 4U);
}

TEST(PasswordVerifier, LooksAtWhatItKnowsFirst) {
    std::vector<Secret> secrets;
    secrets.push_back(secret_of("new"));
    secrets.push_back(secret_of("old"));
    const std::string hash = cheap_hash("old");
    PasswordVerifier verifier;
    verifier.remember(secrets[1], hash);
    EXPECT_EQ(verifier.find_secret(secrets, hash), 1U);
    EXPECT_EQ(verifier.derivations(), 0U);
}

TEST(PasswordVerifier, FindsNothingAmongNothing) {
    PasswordVerifier verifier;
    EXPECT_FALSE(verifier.find({}, {}).has_value());
    const std::vector<std::string> hashes{cheap_hash("a")};
    EXPECT_FALSE(verifier.find({}, hashes).has_value());
}

}  // namespace
}  // namespace hearth::secret
