// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/recovery_key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "core/secret/password_hash.hpp"

namespace hearth::secret {
namespace {

// Made by systemd-homed 257, with the hash it stored for it.
const std::string kKey = "igjeeegi-itcfktij-fvfntitc-lebcfblr-jrtkgvjt-dbtvthcv-ffchcgth-ufvnbhhe";
const std::string kHash =
    "$y$j9T$Zpk9peAbWqBaFfaSsPSS./$xShuPHkYCVroqEwOCjr0RN0qYUNQR1fnXxg7U4MQ9aC";

Secret secret_of(std::string_view text) {
    return Secret::copy_of(text).value();
}

std::string without_dashes(std::string text) {
    std::erase(text, '-');
    return text;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    return text;
}

TEST(RecoveryKey, NormalizesEveryWayOfTypingIt) {
    for (const std::string& typed :
         {kKey, without_dashes(kKey), upper(kKey), upper(without_dashes(kKey))}) {
        const auto key = normalize_recovery_key(secret_of(typed));
        ASSERT_TRUE(key.has_value()) << typed;
        EXPECT_EQ(key->view(), kKey);
    }
}

TEST(RecoveryKey, OpensAHashThatHomedStored) {
    const Secret key = normalize_recovery_key(secret_of(without_dashes(kKey))).value();
    EXPECT_TRUE(matches(key, kHash));
    EXPECT_FALSE(matches(secret_of(without_dashes(kKey)), kHash));
}

TEST(RecoveryKey, RefusesWhatIsNone) {
    std::string dash_moved = kKey;
    std::swap(dash_moved[8], dash_moved[9]);
    std::string letter = kKey;
    letter[0] = 'a';
    std::string all_dashes(71, '-');
    for (const std::string& typed :
         {std::string(), kKey.substr(1), kKey + "c", dash_moved, letter, all_dashes,
          std::string(64, '-'), std::string(64, '\0'), " " + kKey.substr(1)})
        EXPECT_EQ(normalize_recovery_key(secret_of(typed)).error().id(), "recovery-key-malformed")
            << typed;
}

TEST(RecoveryKey, IsMadeInItsNormalForm) {
    const Secret key = make_recovery_key().value();
    EXPECT_EQ(key.size(), 71U);
    EXPECT_TRUE(normalize_recovery_key(key).value() == key);
    EXPECT_FALSE(make_recovery_key().value() == key);
}

}  // namespace
}  // namespace hearth::secret
