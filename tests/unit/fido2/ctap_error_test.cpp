// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/auth-fido2/ctap_error.hpp"

#include <fido.h>
#include <gtest/gtest.h>
#include <hearth/abi.h>

#include <set>

namespace hearth::fido2 {

namespace {

struct Case {
    int answer;
    hearth_status code;
};

TEST(CtapError, HasTheCodeThatCoreKnows) {
    for (const auto& [answer, code] :
         {Case{FIDO_ERR_NO_CREDENTIALS, HEARTH_E_NEED_TOKEN},
          Case{FIDO_ERR_PIN_REQUIRED, HEARTH_E_NEED_PIN},
          Case{FIDO_ERR_PIN_INVALID, HEARTH_E_BAD_PIN},
          Case{FIDO_ERR_PIN_BLOCKED, HEARTH_E_PIN_LOCKED},
          Case{FIDO_ERR_PIN_AUTH_BLOCKED, HEARTH_E_PIN_LOCKED},
          Case{FIDO_ERR_UV_BLOCKED, HEARTH_E_PIN_LOCKED},
          Case{FIDO_ERR_UP_REQUIRED, HEARTH_E_NEED_PRESENCE},
          Case{FIDO_ERR_ACTION_TIMEOUT, HEARTH_E_TOKEN_TIMEOUT},
          Case{FIDO_ERR_USER_ACTION_TIMEOUT, HEARTH_E_TOKEN_TIMEOUT},
          Case{FIDO_ERR_PIN_NOT_SET, HEARTH_E_NOT_SUPPORTED}, Case{FIDO_ERR_RX, HEARTH_E_IO},
          Case{FIDO_ERR_ERR_OTHER, HEARTH_E_IO}, Case{FIDO_ERR_SPEC_LAST, HEARTH_E_IO}})
        EXPECT_EQ(ctap_error(answer, "it").code(), code) << fido_strerr(answer);
}

TEST(CtapError, HasAReasonForEveryAnswer) {
    for (int answer = -11; answer <= 255; ++answer) {
        if (answer == FIDO_OK) continue;
        const auto error = ctap_error(answer, "asking");
        EXPECT_TRUE(error.text().starts_with("asking failed: ")) << answer;
        EXPECT_GT(error.text().size(), 20U) << answer;
        EXPECT_GT(error.code(), HEARTH_OK);
    }
}

TEST(CtapError, TellsLockedPinsApart) {
    std::set<std::string> texts;
    for (const int answer : {FIDO_ERR_PIN_BLOCKED, FIDO_ERR_PIN_AUTH_BLOCKED, FIDO_ERR_UV_BLOCKED})
        texts.insert(ctap_error(answer, "it").text());
    EXPECT_EQ(texts.size(), 3U);
}

}  // namespace

}  // namespace hearth::fido2
