// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/auth-fido2/entry.hpp"

#include <gtest/gtest.h>

namespace hearth::fido2 {

namespace {

const std::string kSalt = "KcrV2lfPYhIII8nMU72jaZvwht5zwRRQWDH6d7E5ROw=";

std::string with(const std::string& more) {
    return R"({"credential":"AAECAw==","salt":")" + kSalt + "\"" + more + "}";
}

TEST(Fido2Entry, IsReadAndWrittenAgain) {
    const auto entry =
        parse_entry(with(R"(,"up":true,"uv":false,"clientPin":true,"hashedPassword":"$y$x")"));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->credential, (Bytes{0, 1, 2, 3}));
    EXPECT_EQ(entry->salt.size(), kSaltSize);
    EXPECT_EQ(entry->presence, true);
    EXPECT_EQ(entry->verification, false);
    EXPECT_EQ(entry->pin, true);
    EXPECT_EQ(to_json(*entry), with(R"(,"up":true,"uv":false,"clientPin":true)"));
}

TEST(Fido2Entry, MayLeaveOpenHowTheKeyWasUsed) {
    for (const char* more : {"", R"(,"up":null,"uv":null,"clientPin":null)"}) {
        const auto entry = parse_entry(with(more));
        ASSERT_TRUE(entry);
        EXPECT_FALSE(entry->presence || entry->verification || entry->pin);
        EXPECT_EQ(to_json(*entry), with(""));
    }
}

struct Damage {
    std::string json;
    const char* why;
};

TEST(Fido2Entry, SaysWhatIsWrongWithIt) {
    const std::string salt = R"(,"salt":")" + kSalt + "\"}";
    const Damage damages[] = {
        {"", "no JSON object"},
        {"[]", "no JSON object"},
        {with("") + "x", "no JSON object"},
        {std::string(70000, ' '), "too long"},
        {"{\"salt\":\"" + kSalt + "\"}", "credential is missing"},
        {"{\"credential\":7" + salt, "credential is missing"},
        {"{\"credential\":\"\"" + salt, "credential is empty"},
        {"{\"credential\":\"AAE\"" + salt, "credential is no base64"},
        {"{\"credential\":\"AAF=\"" + salt, "credential is no base64"},  // stray bits
        {"{\"credential\":\"AAE=\\n\"" + salt, "credential is no base64"},
        {"{\"credential\":\"" + std::string(8000, 'A') + "\"" + salt, "credential is too long"},
        {R"({"credential":"AAE="})", "salt is missing"},
        {R"({"credential":"AAE=","salt":"AAE="})", "32 bytes"},
        {R"({"credential":"AAE=","salt":")" + std::string(88, 'A') + "\"}", "salt is too long"},
        {with(R"(,"up":1)"), "up is no boolean"},
        {with(R"(,"uv":"true")"), "uv is no boolean"},
        {with(R"(,"clientPin":[])"), "clientPin is no boolean"},
    };
    for (const auto& damage : damages) {
        const auto entry = parse_entry(damage.json);
        ASSERT_FALSE(entry) << damage.json;
        EXPECT_EQ(entry.error().code(), HEARTH_E_CORRUPT);
        EXPECT_NE(entry.error().text().find(damage.why), std::string::npos) << entry.error().text();
    }
}

}  // namespace

}  // namespace hearth::fido2
