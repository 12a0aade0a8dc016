// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/auth.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <hearth/sdk/sdk.hpp>

#include "core/plugin/code_words.hpp"
#include "fixtures.hpp"

namespace hearth {
namespace {

/// A token that wants the PIN 1234 and knows the entry "mine".
class OneToken : public sdk::Auth {
  public:
    static constexpr const char* kName = "one-token";
    static constexpr const char* kRecordArray = "/privileged/oneToken";

    sdk::Result<void> list_devices(sdk::Op, const DeviceSink& sink) override {
        return sink({sizeof(hearth_device), 0, "/dev/one", "One", nullptr, HEARTH_DEVICE_PIN});
    }
    sdk::Result<sdk::Enrolled> enroll(sdk::Op op, const sdk::Record&, const char* device,
                                      hearth_flags) override {
        if (std::strcmp(device, "/dev/one") != 0)
            return sdk::Error(HEARTH_E_NEED_TOKEN, "no such token");
        HEARTH_SDK_TRY(secret, op.new_secret(3));
        return sdk::Enrolled{"{\"credential\":\"x\"}", std::move(secret)};
    }
    sdk::Result<sdk::Acquired> acquire(sdk::Op op, const sdk::Record&,
                                       std::span<const char* const> entries) override {
        if (op.secret_count(HEARTH_SECRET_PIN) == 0)
            return sdk::Error(HEARTH_E_NEED_PIN, "no PIN was given");
        if (op.secret(HEARTH_SECRET_PIN, 0).text() != "1234")
            return sdk::Error(HEARTH_E_BAD_PIN, "another PIN");
        HEARTH_SDK_TRY(secret, op.new_secret(3));
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (std::strcmp(entries[i], "mine") == 0) return sdk::Acquired{i, std::move(secret)};
        return sdk::Acquired{entries.size(), std::move(secret)};
    }
};

class Token : public testing::Test {
  protected:
    Token() {
        EXPECT_TRUE(sdk::host().connect(&plugin::host_table(HEARTH_ROLE_WORKER, "test")));
        op.secrets = &secrets;
    }
    void give_pin(std::string_view pin) {
        secrets.pins.push_back(std::move(*secret::Secret::copy_of(pin)));
    }
    secret::Secrets secrets;
    plugin::OperationContext op;
    record::UserRecord record = test::make_record();
    plugin::RecordView view{record, test::kMachine};
    plugin::AuthProvider provider{sdk::detail::AuthTable<OneToken>::table, "org.example.one", op};
};

TEST_F(Token, IsListed) {
    const auto devices = provider.list_devices();
    ASSERT_TRUE(devices) << devices.error().one_line();
    ASSERT_EQ(devices->size(), 1U);
    EXPECT_EQ((*devices)[0].id, "/dev/one");
    EXPECT_EQ((*devices)[0].vendor, "");
    EXPECT_EQ((*devices)[0].features, HEARTH_DEVICE_PIN);
}

TEST_F(Token, IsEnrolled) {
    const auto enrolled = provider.enroll(view, "/dev/one", 0);
    ASSERT_TRUE(enrolled) << enrolled.error().one_line();
    EXPECT_EQ(enrolled->entry, "{\"credential\":\"x\"}");
    EXPECT_EQ(enrolled->secret.size(), 3U);
    EXPECT_EQ(provider.enroll(view, "/dev/two", 0).error().id(), "auth-need-token");
}

TEST_F(Token, SeesThePinOnlyWhileItIsAsked) {
    give_pin("1234");
    const auto acquired = provider.acquire(view, {"other", "mine"});
    ASSERT_TRUE(acquired) << acquired.error().one_line();
    EXPECT_EQ(acquired->which, 1U);
    EXPECT_FALSE(op.pins_visible);
}

TEST_F(Token, TellsWhatItNeeds) {
    const auto without = provider.acquire(view, {"mine"});
    EXPECT_EQ(without.error().id(), "auth-need-pin");
    EXPECT_TRUE(plugin::may_try_next(without.error()));
    give_pin("9999");
    EXPECT_EQ(provider.acquire(view, {"mine"}).error().code(), Code::bad_pin);
    EXPECT_TRUE(plugin::may_try_next(Error(Code::corrupt, "x", "y")));
    EXPECT_TRUE(plugin::may_try_next(Error(Code::io, "x", "y")));
    EXPECT_FALSE(plugin::may_try_next(Error(Code::internal, "x", "y")));
    EXPECT_FALSE(plugin::may_try_next(Error(Code::cancelled, "x", "y")));
}

TEST_F(Token, IsNoStorageInWhatIsSaidAboutIt) {
    for (const hearth_status code : {HEARTH_E_NOT_SUPPORTED, HEARTH_E_IO, HEARTH_E_CORRUPT}) {
        EXPECT_NE(plugin::find_token_words(code)->sentence,
                  plugin::find_code_words(code)->sentence);
        EXPECT_EQ(plugin::find_token_words(code)->name, plugin::find_code_words(code)->name);
    }
    EXPECT_EQ(plugin::find_token_words(HEARTH_E_BAD_PIN),
              plugin::find_code_words(HEARTH_E_BAD_PIN));
    EXPECT_EQ(plugin::find_token_words(HEARTH_OK), nullptr);
}

TEST_F(Token, SaysItselfWhatIsWrongIfItIsBuiltIn) {
    EXPECT_EQ(provider.enroll(view, "/dev/two", 0).error().why(), "");
    provider.quote();
    const auto refused = provider.enroll(view, "/dev/two", 0);
    EXPECT_EQ(refused.error().why(), "No such token.");
    EXPECT_NE(refused.error().hint(), "");
}

TEST_F(Token, MayNotNameAnEntryThatIsNotThere) {
    give_pin("1234");
    EXPECT_EQ(provider.acquire(view, {"other"}).error().id(), "plugin-contract");
}

}  // namespace
}  // namespace hearth
