// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/quality.hpp"

#include <gtest/gtest.h>
#include <link.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace hearth::secret {
namespace {

Secret secret_of(std::string_view text) {
    return Secret::copy_of(text).value();
}

// Does this program, which calls check_quality(), load that library when it starts?
bool starts_with_library(std::string_view library) {
    const char* names = nullptr;
    for (const ElfW(Dyn)* entry = _DYNAMIC; entry->d_tag != DT_NULL; ++entry)
        if (entry->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(entry->d_un.d_ptr);
    for (const ElfW(Dyn)* entry = _DYNAMIC; entry->d_tag != DT_NULL; ++entry)
        if (entry->d_tag == DT_NEEDED &&
            std::string_view(names + entry->d_un.d_val).starts_with(library))
            return true;
    return false;
}

class Quality : public testing::Test {
  protected:
    void SetUp() override {
        if (access("/var/cache/cracklib/cracklib_dict.pwd", R_OK) != 0)
            GTEST_SKIP() << "cracklib-runtime has no dictionary here";
    }
};

std::string id_of(std::string_view password, std::string_view user = "ann",
                  const std::vector<Secret>& others = {}) {
    const auto result = check_quality(secret_of(password), user, others);
    return result ? "ok" : result.error().id();
}

TEST_F(Quality, AcceptsAGoodPassword) {
    EXPECT_EQ(id_of("Vogel7 kauft Zwiebeln"), "ok");
}

TEST_F(Quality, RefusesAWordAndSaysWhy) {
    const auto result = check_quality(secret_of("password"), "ann", {});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().id(), "password-too-weak");
    EXPECT_NE(result.error().why().find("dictionary"), std::string::npos) << result.error().why();
    EXPECT_EQ(result.error().one_line().find("password\""), std::string::npos);
}

TEST_F(Quality, FindsTheDictionaryEachTime) {
    for (int i = 0; i < 200; ++i) EXPECT_EQ(id_of("password"), "password-too-weak");
}

TEST_F(Quality, SuggestsWhatIsGoodEnough) {
    const auto some = suggest_passwords(3);
    ASSERT_EQ(some.size(), 3U);
    for (const auto& one : some) EXPECT_EQ(id_of(one.view()), "ok");
    EXPECT_FALSE(some[0] == some[1]);
}

TEST_F(Quality, RefusesWhatIsTooShortOrTheUserName) {
    EXPECT_EQ(id_of("x7"), "password-too-weak");
    EXPECT_EQ(id_of(""), "password-too-weak");
    EXPECT_EQ(id_of("annabella.miller", "annabella.miller"), "password-too-weak");
}

TEST_F(Quality, RefusesWhatIsLikeAnOldOne) {
    std::vector<Secret> others;
    others.push_back(secret_of("something else entirely 5"));
    others.push_back(secret_of("Vogel7 kauft Zwiebeln"));
    EXPECT_EQ(id_of("VOGEL7 kauft Zwiebeln", "ann", others), "password-too-weak");
    EXPECT_EQ(id_of("Quark im Schaufenster 31", "ann", others), "ok");
}

TEST(QualityWithoutDictionary, SaysThatTheDictionaryIsMissing) {
    const auto result =
        check_quality(secret_of("Vogel7 kauft Zwiebeln"), "ann", {}, {"/nonexistent/dictionary"});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().id(), "password-dictionary-missing");
}

TEST(QualityLibrary, CostsNothingAtStart) {
    EXPECT_TRUE(starts_with_library("libcrypt.so"));
    EXPECT_FALSE(starts_with_library("libpwquality.so"));
    EXPECT_FALSE(starts_with_library("libcrack.so"));
}

}  // namespace
}  // namespace hearth::secret
