// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include "bench.hpp"
#include "plugins/auth-pkcs11/entry.hpp"

namespace hearth::pkcs11::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Acquire : public Bench {
  protected:
    void expect_failure(const std::vector<std::string>& entries, hearth_status code,
                        const std::string& why = "") {
        const auto found = acquire(entries);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().code(), code) << found.error().text();
        EXPECT_THAT(found.error().text(), HasSubstr(why));
    }
    void expect_secret(const std::vector<std::string>& entries, std::size_t which) {
        const auto found = acquire(entries);
        ASSERT_TRUE(found) << found.error().text();
        EXPECT_EQ(found->which, which);
        EXPECT_EQ(found->secret.view().text(), secret_of_it);
    }
    /// One token with an RSA key, enrolled.
    std::string one_card() {
        add_token("card").add(key_of("RSA"));
        return enrolled("pkcs11:token=card");
    }
    FakeToken& card() { return module.tokens[0]; }
};

TEST_F(Acquire, NeedsATokenThatIsThere) {
    expect_failure({}, HEARTH_E_NEED_TOKEN);
    const std::string entry = one_card();
    module.tokens.clear();
    expect_failure({entry}, HEARTH_E_NEED_TOKEN, "no token is there");
}

TEST_F(Acquire, NeedsAPin) {
    const std::string entry = one_card();
    expect_failure({entry}, HEARTH_E_NEED_PIN, "asks for a PIN");
    give_pins({""});
    expect_failure({entry}, HEARTH_E_NEED_PIN);
    EXPECT_TRUE(card().pins_seen.empty());
    card().info.flags &= ~static_cast<CK_FLAGS>(CKF_LOGIN_REQUIRED);
    give_pins({});
    expect_secret({entry}, 0);
    EXPECT_TRUE(card().pins_seen.empty());
}

TEST_F(Acquire, EachPinIsTriedOnceForAllEntriesOfAToken) {
    const std::string entry = one_card();
    const std::string other = enrolled("pkcs11:token=card;id=one");
    give_pins({"0000", "0000", "1111", "1234"});
    expect_secret({"{}", other, entry}, 1);
    EXPECT_THAT(card().pins_seen, ElementsAre("0000", "1111", "1234"));
}

TEST_F(Acquire, AWrongPinCostsOneTryAndIsCounted) {
    const std::string entry = one_card();
    card().tries = 4;
    card().answers["C_Login"] = CKR_PIN_INCORRECT;
    give_pins({"0000"});
    expect_failure({entry, entry}, HEARTH_E_BAD_PIN, "a wrong PIN");
    card().answers["C_Login"] = CKR_PIN_LEN_RANGE;
    expect_failure({entry}, HEARTH_E_BAD_PIN);
    card().answers.clear();
    expect_failure({entry, entry}, HEARTH_E_BAD_PIN_FEW_LEFT, "few tries");
    expect_failure({entry}, HEARTH_E_BAD_PIN_FEW_LEFT);
    expect_failure({entry}, HEARTH_E_BAD_PIN_ONE_LEFT, "one try");
    EXPECT_EQ(card().pins_seen.size(), 5U);
    expect_failure({entry}, HEARTH_E_PIN_LOCKED, "locked");
    give_pins({"1234"});
    expect_failure({entry}, HEARTH_E_PIN_LOCKED, "locked");
    EXPECT_EQ(card().pins_seen.size(), 6U) << "a locked token is not asked";
}

TEST_F(Acquire, TheLastTryIsNotSpentOnAPinThatMerelyComesNext) {
    const std::string entry = one_card();
    card().tries = 2;
    give_pins({"0000", "1111", "2222"});
    expect_failure({entry}, HEARTH_E_BAD_PIN_ONE_LEFT);
    EXPECT_THAT(card().pins_seen, ElementsAre("0000"));
}

TEST_F(Acquire, WhatALoginAnswersIsTold) {
    const std::string entry = one_card();
    give_pins({"1234"});
    const std::vector<std::tuple<CK_RV, hearth_status, const char*>> answers = {
        {CKR_PIN_LOCKED, HEARTH_E_PIN_LOCKED, "locked"},
        {CKR_USER_PIN_NOT_INITIALIZED, HEARTH_E_NOT_SUPPORTED, "none has been set"},
        {CKR_PIN_EXPIRED, HEARTH_E_NOT_SUPPORTED, "has to be changed"},
        {CKR_FUNCTION_CANCELED, HEARTH_E_TOKEN_TIMEOUT, "logging in"},
        {CKR_DEVICE_REMOVED, HEARTH_E_NEED_TOKEN, "logging in"},
        {CKR_TOKEN_NOT_PRESENT, HEARTH_E_NEED_TOKEN, "logging in"},
        {CKR_DEVICE_ERROR, HEARTH_E_IO, "logging in"},
        {CKR_GENERAL_ERROR, HEARTH_E_IO, "logging in"},
        {CKR_FUNCTION_NOT_SUPPORTED, HEARTH_E_IO, "logging in"},
        {CKR_HOST_MEMORY, HEARTH_E_NO_MEMORY, "logging in"},
        {0x8000dead, HEARTH_E_IO, "logging in"},
    };
    for (const auto& [answer, code, why] : answers) {
        card().answers["C_Login"] = answer;
        expect_failure({entry}, code, why);
    }
    EXPECT_EQ(card().pins_seen.size(), answers.size()) << "once each";
}

TEST_F(Acquire, APinPadNeedsPermission) {
    const std::string entry = one_card();
    card().info.flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    give_pins({"1234"});
    expect_failure({entry}, HEARTH_E_NEED_PROTECTED_PATH, "at the token");
    EXPECT_TRUE(card().pins_seen.empty());
    secrets.permissions = HEARTH_PERMIT_PROTECTED_PATH;
    expect_secret({entry}, 0);
    EXPECT_THAT(card().pins_seen, ElementsAre("(there)")) << "no PIN goes there";
    card().answers["C_Login"] = CKR_PIN_INCORRECT;
    expect_failure({entry}, HEARTH_E_BAD_PIN);
    card().answers["C_Login"] = CKR_FUNCTION_CANCELED;
    expect_failure({entry}, HEARTH_E_TOKEN_TIMEOUT);
}

TEST_F(Acquire, AnyOfSeveralTokensWillDo) {
    const std::string first = one_card();
    add_token("spare").add(key_of("P-256"));
    module.tokens[1].pin = "9999";
    const std::string second = enrolled("pkcs11:token=spare", "9999");
    give_pins({"9999"});
    expect_secret({first, second}, 1);
    EXPECT_EQ(module.tokens[0].pins_seen, std::vector<std::string>{"9999"});
    module.tokens.erase(module.tokens.begin());
    expect_secret({first, second}, 1);
}

TEST_F(Acquire, TellsTheWorstOfSeveralFailures) {
    const std::string first = one_card();
    add_token("spare").add(key_of("P-256"));
    const std::string second = enrolled("pkcs11:token=spare");
    module.tokens[1].info.flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    expect_failure({first, second}, HEARTH_E_NEED_PROTECTED_PATH);
    give_pins({"0000"});
    expect_failure({first, second}, HEARTH_E_BAD_PIN_FEW_LEFT);
    module.tokens[0].answers["C_OpenSession"] = CKR_DEVICE_ERROR;
    expect_failure({first, second}, HEARTH_E_NEED_PROTECTED_PATH);
}

TEST_F(Acquire, ADamagedEntryDoesNotKeepTheOthersFromBeingTried) {
    const std::string entry = one_card();
    expect_failure({"{}", R"({"uri":"nothing","data":"AAEC"})"}, HEARTH_E_CORRUPT, "damaged");
    EXPECT_THAT(log, HasSubstr("URI of a token is wrong"));
    give_pins({"1234"});
    expect_secret({"{}", entry}, 1);
    Entry cut = *parse_entry(entry);
    cut.data.resize(100);
    expect_secret({to_json(cut), entry}, 1);
}

TEST_F(Acquire, AnEncryptedKeyOfTheWrongSizeIsToldApart) {
    Entry entry = *parse_entry(one_card());
    give_pins({"1234"});
    const Bytes whole = entry.data;
    entry.data.pop_back();
    expect_failure({to_json(entry)}, HEARTH_E_CORRUPT, "cut short");
    entry.data = whole;
    entry.data.push_back(0);
    expect_failure({to_json(entry)}, HEARTH_E_CORRUPT, "longer");
    entry.data = whole;
    entry.data[100] ^= 1U;
    expect_failure({to_json(entry)}, HEARTH_E_CORRUPT, "not for this token");
}

TEST_F(Acquire, APointThatIsNoneNeverReachesTheToken) {
    add_token("card").add(key_of("P-256"));
    Entry entry = *parse_entry(enrolled("pkcs11:token=card"));
    entry.data.back() ^= 1U;
    give_pins({"1234"});
    bool is_asked = false;
    module.on_call = [&](const std::string& name) { is_asked |= name == "C_DeriveKey"; };
    expect_failure({to_json(entry)}, HEARTH_E_CORRUPT, "does not lie on its curve");
    EXPECT_FALSE(is_asked);
}

TEST_F(Acquire, APointOfAnotherCurveIsNotForTheKey) {
    FakeToken& token = add_token("card");
    token.add(key_of("P-256"));
    const std::string entry = enrolled("pkcs11:token=card");
    token.objects.clear();
    token.add(key_of("P-384"));
    give_pins({"1234"});
    expect_failure({entry}, HEARTH_E_CORRUPT, "not for the key on the token");
}

TEST_F(Acquire, ZerosThatATokenLeavesOutComeBack) {
    FakeToken& token = add_token("card");
    token.add(key_of("P-256"));
    token.drops_zeros = true;
    // One secret of 256 begins with a zero.
    bool had_zero = false;
    for (int i = 0; i < 5000 && !had_zero; ++i) {
        const std::string entry = enrolled("pkcs11:token=card");
        had_zero = secret_of_it[0] == '\0';
        if (!had_zero) continue;
        give_pins({"1234"});
        expect_secret({entry}, 0);
    }
    EXPECT_TRUE(had_zero);
}

TEST_F(Acquire, AKeyThatIsGoneOrNotAloneIsTold) {
    const std::string entry = one_card();
    give_pins({"1234"});
    card().add(key_of("RSA", 1), "two");
    expect_failure({entry}, HEARTH_E_NOT_SUPPORTED, "several RSA keys");
    card().objects.clear();
    expect_failure({entry}, HEARTH_E_NOT_SUPPORTED, "no RSA key that may decrypt");
    card().add(key_of("P-256"));
    expect_failure({entry}, HEARTH_E_NOT_SUPPORTED, "no RSA key that may decrypt");
    card().add(key_of("RSA"), "three");
    expect_secret({entry}, 0);
}

TEST_F(Acquire, WhatTheTokenAnswersLaterIsTold) {
    const std::string entry = one_card();
    give_pins({"1234"});
    const std::vector<std::tuple<const char*, CK_RV, hearth_status>> answers = {
        {"C_OpenSession", CKR_TOKEN_NOT_PRESENT, HEARTH_E_NEED_TOKEN},
        {"C_OpenSession", CKR_SESSION_COUNT, HEARTH_E_IO},
        {"C_FindObjectsInit", CKR_DEVICE_ERROR, HEARTH_E_IO},
        {"C_GetAttributeValue", CKR_DEVICE_REMOVED, HEARTH_E_NEED_TOKEN},
        {"C_DecryptInit", CKR_MECHANISM_INVALID, HEARTH_E_IO},
        {"C_DecryptInit", CKR_KEY_FUNCTION_NOT_PERMITTED, HEARTH_E_IO},
        {"C_Decrypt", CKR_ENCRYPTED_DATA_LEN_RANGE, HEARTH_E_CORRUPT},
        {"C_Decrypt", CKR_DATA_INVALID, HEARTH_E_CORRUPT},
        {"C_Decrypt", CKR_GENERAL_ERROR, HEARTH_E_CORRUPT},
        {"C_Decrypt", CKR_FUNCTION_FAILED, HEARTH_E_CORRUPT},
        {"C_Decrypt", CKR_DEVICE_ERROR, HEARTH_E_IO},
        {"C_Decrypt", CKR_FUNCTION_CANCELED, HEARTH_E_TOKEN_TIMEOUT},
        {"C_Decrypt", CKR_DEVICE_REMOVED, HEARTH_E_NEED_TOKEN},
    };
    for (const auto& [function, answer, code] : answers) {
        card().answers = {{function, answer}};
        expect_failure({entry}, code);
    }
}

TEST_F(Acquire, PulledOutAfterTheLoginItIsMissing) {
    const std::string entry = one_card();
    give_pins({"1234"});
    card().is_lost_after_login = true;
    expect_failure({entry}, HEARTH_E_NEED_TOKEN);
}

TEST_F(Acquire, ADriverThatFailsHidesNoOther) {
    const std::string entry = one_card();
    give_pins({"1234"});
    module.answers["C_GetSlotList"] = CKR_GENERAL_ERROR;
    expect_failure({entry}, HEARTH_E_NEED_TOKEN);
    EXPECT_THAT(log, HasSubstr("listing tokens failed"));
}

TEST_F(Acquire, TokensThatCannotDecryptAreNotLookedAt) {
    const std::string entry = one_card();
    give_pins({"1234"});
    card().mechanisms = {CKM_SHA256};
    expect_failure({entry}, HEARTH_E_NEED_TOKEN);
    card().mechanisms = {CKM_RSA_PKCS_OAEP};
    card().info.flags &= ~static_cast<CK_FLAGS>(CKF_TOKEN_INITIALIZED);
    expect_failure({entry}, HEARTH_E_NEED_TOKEN);
    EXPECT_TRUE(card().pins_seen.empty());
}

TEST_F(Acquire, IsEndedBetweenTwoPins) {
    const std::string entry = one_card();
    give_pins({"0000", "1234"});
    const int cancel = ::eventfd(0, EFD_CLOEXEC);
    context.cancel_fd = cancel;
    module.on_call = [&](const std::string& name) {
        if (name == "C_Login") ::eventfd_write(cancel, 1);
    };
    expect_failure({entry}, HEARTH_E_CANCELLED);
    EXPECT_THAT(card().pins_seen, ElementsAre("0000"));
    ::close(cancel);
}

TEST_F(Acquire, NoPinIsLogged) {
    const std::string entry = one_card();
    give_pins({"00001111", "22223333"});
    expect_failure({entry, "{}"}, HEARTH_E_BAD_PIN_FEW_LEFT);
    EXPECT_FALSE(log.empty());
    for (const auto* pin : {"00001111", "22223333"}) EXPECT_EQ(log.find(pin), std::string::npos);
}

}  // namespace
}  // namespace hearth::pkcs11::test
