// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "core/plugin/services.hpp"
#include "fake_module.hpp"
#include "plugins/auth-pkcs11/acquire.hpp"
#include "plugins/auth-pkcs11/enroll.hpp"

namespace hearth::pkcs11::test {

/// An operation with tokens that are made up. Nothing of it may be left on them.
class Bench : public testing::Test {
  protected:
    Bench() {
        EXPECT_TRUE(sdk::host().connect(&plugin::host_table(HEARTH_ROLE_WORKER, "test")));
        context.secrets = &secrets;
        context.pins_visible = true;
        context.on_log = [this](int, std::string_view text) { log += std::string(text) + "\n"; };
    }
    ~Bench() override {
        for (const auto& token : module.tokens) {
            EXPECT_EQ(token.sessions, 0);
            EXPECT_FALSE(token.is_logged_in);
        }
    }
    FakeToken& add_token(const std::string& label) { return module.tokens.emplace_back(label); }
    void give_pins(const std::vector<std::string>& pins) {
        secrets.pins.clear();
        for (const auto& pin : pins)
            secrets.pins.push_back(std::move(*secret::Secret::copy_of(pin)));
    }
    sdk::Op op() { return sdk::Op(context.handle()); }
    auto enroll(const std::string& uri) { return pkcs11::enroll(op(), list, uri); }
    auto acquire(const std::vector<std::string>& entries) {
        std::vector<const char*> texts;
        for (const auto& entry : entries) texts.push_back(entry.c_str());
        return pkcs11::acquire(op(), list, texts);
    }
    /// An entry that was enrolled without trouble.
    std::string enrolled(const std::string& uri, const std::string& pin = "1234") {
        const auto before = module.tokens;
        give_pins({pin});
        auto made = enroll(uri);
        EXPECT_TRUE(made) << made.error().text();
        if (!made) return "";
        secret_of_it = std::string(made->secret.view().text());
        for (std::size_t i = 0; i < before.size(); ++i)
            module.tokens[i].pins_seen = before[i].pins_seen;
        secrets.pins.clear();
        return made->entry;
    }

    secret::Secrets secrets;
    plugin::OperationContext context;
    std::string log;
    FakeModule module;
    std::vector<CK_FUNCTION_LIST*> list{module.functions()};
    std::string secret_of_it;
};

}  // namespace hearth::pkcs11::test
