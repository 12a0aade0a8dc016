// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/storage.hpp"

#include <gtest/gtest.h>

#include "core/plugin/code_words.hpp"
#include "core/plugin/loader.hpp"
#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

class Provider : public testing::Test {
  protected:
    void SetUp() override {
        HEARTH_NEED_ROOT();
        op.user = "anna";
        op.on_log = [this](int, std::string_view text) { log += std::string(text) + "\n"; };
    }
    StorageProvider provider(const std::string& name) {
        folder.copy_plugin(name);
        const auto registry = Registry::scan({folder / "none", folder.path()});
        const auto found = registry.find_storage(name);
        const auto loaded = load(*found->entry, host_table(HEARTH_ROLE_WORKER, "test"));
        return {**storage_table(**loaded, name), "org.example." + name, op};
    }
    test::TrustedFolder folder;
    OperationContext op;
    record::UserRecord record = test::make_record();
    RecordView view{record, test::kMachine};
    std::string log;
};

TEST_F(Provider, CreatesMountsAndCloses) {
    auto good = provider("good");
    auto session = good.create(view, {});
    ASSERT_TRUE(session) << session.error().one_line();
    const auto root = session->mount();
    ASSERT_TRUE(root) << root.error().one_line();
    EXPECT_GE(root->fd, 0);
    EXPECT_FALSE(root->detached_mount);
    EXPECT_TRUE(root->may_idmap);
    EXPECT_TRUE(session->unmount());
    EXPECT_TRUE(session->close(HEARTH_CLOSE_COMMIT));
    EXPECT_FALSE(session->is_open());
    EXPECT_NE(log.find("org.example.good: closed"), std::string::npos) << log;
}

TEST_F(Provider, RollsBackASessionThatIsDropped) {
    auto good = provider("good");
    {
        auto session = good.create(view, {});
        ASSERT_TRUE(session);
        auto moved = std::move(*session);
        EXPECT_FALSE(session->is_open());
    }
    EXPECT_NE(log.find("rolled back"), std::string::npos) << log;
    EXPECT_EQ(log.find("rolled back"), log.rfind("rolled back"));
}

TEST_F(Provider, SpeaksInTheWordsOfCore) {
    auto good = provider("good");
    const auto session = good.unlock_medium(view);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().id(), "storage-bad-secret");
    EXPECT_EQ(session.error().code(), Code::bad_secret);
    EXPECT_NE(session.error().what().find("anna"), std::string::npos);
    EXPECT_NE(session.error().what().find("org.example.good"), std::string::npos);
    EXPECT_EQ(session.error().one_line().find("no password was given"), std::string::npos);
    EXPECT_NE(log.find("no password was given"), std::string::npos) << log;
    EXPECT_EQ(op.last_failure, "no password was given");
}

TEST_F(Provider, TellsWhatAPluginCannotDo) {
    auto good = provider("good");
    EXPECT_EQ(good.lock(view).error().id(), "storage-not-supported");
    EXPECT_EQ(good.usage(view).error().id(), "storage-not-supported");
    EXPECT_TRUE(good.validate(view)) << "nothing to say is no objection";
    auto session = good.create(view, {});
    ASSERT_TRUE(session);
    EXPECT_FALSE(session->has_header());
    EXPECT_FALSE(session->has_rekey());
    EXPECT_EQ(session->header_load().error().id(), "storage-not-supported");
    EXPECT_EQ(session->resize(-1, 1, 0).error().id(), "storage-not-supported");
}

TEST_F(Provider, RunsTheRest) {
    auto good = provider("good");
    EXPECT_EQ(*good.state(view), MediumState::inactive);
    EXPECT_TRUE(good.deactivate(view, -1, 0));
    EXPECT_TRUE(good.remove(view));
    EXPECT_TRUE(good.recover(view, {.verb = HEARTH_VERB_CREATE, .op_id = 1, .note = "n"}));
}

TEST_F(Provider, CatchesBrokenContracts) {
    for (const auto* name : {"bad-create-empty", "bad-create-both", "bad-code", "bad-throw"}) {
        auto bad = provider(name);
        const auto session = bad.create(view, {});
        ASSERT_FALSE(session) << name;
        EXPECT_EQ(session.error().id(), "plugin-contract") << name;
        EXPECT_EQ(session.error().code(), Code::internal) << name;
        EXPECT_NE(session.error().what().find(name), std::string::npos);
    }
    auto bad = provider("bad-state");
    EXPECT_EQ(bad.state(view).error().id(), "plugin-contract");
}

TEST(CodeWords, AreThereForEveryCode) {
    for (hearth_status code = 1; code <= HEARTH_E_NO_AUTH_CONFIGURED; ++code) {
        const bool defined = (code >= HEARTH_E_INTERNAL && code <= HEARTH_E_CORRUPT) ||
                             (code >= HEARTH_E_HOME_ABSENT && code <= HEARTH_E_RECOVER_AT_OPEN) ||
                             code >= HEARTH_E_BAD_SECRET;
        EXPECT_EQ(find_code_words(code) != nullptr, defined) << code;
    }
    EXPECT_EQ(find_code_words(HEARTH_OK), nullptr);
    EXPECT_EQ(find_code_words(-1), nullptr);
}

}  // namespace
}  // namespace hearth::plugin
