// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <hearth/sdk/sdk.hpp>
#include <new>
#include <stdexcept>

#include "core/plugin/secret_handle.hpp"
#include "core/plugin/storage.hpp"
#include "fixtures.hpp"

namespace hearth {
namespace {

/// What the storage below does when it is asked for a session.
enum class Mood { fine, error, thrown_error, no_memory, exception, anything, nothing };
Mood mood = Mood::fine;
int sessions = 0;

class OneSession : public sdk::Session {
  public:
    OneSession() { ++sessions; }
    ~OneSession() override { --sessions; }
    sdk::Result<void> mount(sdk::Op, hearth_root& root) override {
        root.fd = 0;
        root.kind = HEARTH_ROOT_DETACHED_MOUNT;
        root.subdir = "anna";
        return sdk::ok();
    }
    sdk::Result<void> unmount(sdk::Op) override { return sdk::ok(); }
    sdk::Result<void> close(sdk::Op, std::uint32_t disposition) override {
        if (disposition == HEARTH_CLOSE_ROLLBACK) return sdk::ok();
        return sdk::Error(HEARTH_E_NO_SPACE, "closing is never easy");
    }
    sdk::Result<std::string> header_load(sdk::Op) override { return std::string("header"); }
    sdk::Result<void> header_store(sdk::Op, std::string_view) override { return sdk::ok(); }
};

class OneStorage : public sdk::Storage {
  public:
    static constexpr const char* kName = "one";
    using SessionType = OneSession;

    sdk::Result<std::uint32_t> state(sdk::Op, const sdk::Record& record) override {
        return record.text("/userName") == "anna" ? HEARTH_STATE_DIRTY : HEARTH_STATE_ABSENT;
    }
    sdk::Result<void> deactivate(sdk::Op, const sdk::Record&, int, hearth_flags) override {
        return sdk::ok();
    }
    sdk::Result<void> remove(sdk::Op op, const sdk::Record&) override {
        const sdk::Critical critical(op);
        op.progress(1, 2, "removing");
        return op.note("gone");
    }
    sdk::Result<void> recover(sdk::Op, const sdk::Record&, const hearth_intent& intent,
                              sdk::Session*) override {
        if (intent.op_id == 5) return sdk::ok();
        return sdk::Error(HEARTH_E_RECOVER_AT_OPEN, "not that one");
    }
    sdk::Result<std::unique_ptr<sdk::Session>> create(sdk::Op, sdk::WritableRecord record,
                                                      sdk::Credentials list) override {
        if (list.size() == 1) HEARTH_SDK_CHECK(record.bind("/binding/oneSlots", "1"));
        return make();
    }
    sdk::Result<std::unique_ptr<sdk::Session>> unlock_medium(sdk::Op, sdk::WritableRecord,
                                                             hearth_flags) override {
        return make();
    }

  private:
    static sdk::Result<std::unique_ptr<sdk::Session>> make() {
        switch (mood) {
            case Mood::error:
                return sdk::Error(HEARTH_E_BAD_SECRET, "returned");
            case Mood::thrown_error:
                throw sdk::Error(HEARTH_E_NO_SPACE, "thrown");
            case Mood::no_memory:
                throw std::bad_alloc();
            case Mood::exception:
                throw std::runtime_error("oops");
            case Mood::anything:
                throw 42;
            case Mood::nothing:
                return std::unique_ptr<sdk::Session>();
            case Mood::fine:
                break;
        }
        return std::unique_ptr<sdk::Session>(std::make_unique<OneSession>());
    }
};

class Sdk : public testing::Test {
  protected:
    Sdk() {
        mood = Mood::fine;
        EXPECT_TRUE(sdk::host().connect(&plugin::host_table(HEARTH_ROLE_WORKER, "test")));
        op.on_log = [this](int, std::string_view text) { log += std::string(text) + "\n"; };
    }
    plugin::OperationContext op;
    record::UserRecord record = test::make_record();
    plugin::RecordView view{record, test::kMachine};
    const hearth_storage& table = sdk::detail::StorageTable<OneStorage>::table;
    plugin::StorageProvider provider{table, "org.example.one", op};
    std::string log;
};

TEST_F(Sdk, LeavesOutWhatAClassDoesNotOverride) {
    EXPECT_EQ(table.validate, nullptr);
    EXPECT_EQ(table.lock, nullptr);
    EXPECT_EQ(table.resize, nullptr);
    EXPECT_EQ(table.rekey_prepare, nullptr);
    EXPECT_NE(table.header_load, nullptr);
    EXPECT_NE(table.close, nullptr);
    EXPECT_STREQ(table.name, "one");
    EXPECT_EQ(table.struct_size, sizeof table);
}

TEST_F(Sdk, CarriesASessionThroughItsLife) {
    {
        auto session = provider.create(view, {});
        ASSERT_TRUE(session) << session.error().one_line();
        EXPECT_EQ(sessions, 1);
        EXPECT_TRUE(session->has_header());
        EXPECT_EQ(session->header_load().value(), "header");
        const auto root = session->mount();
        ASSERT_TRUE(root);
        EXPECT_TRUE(root->detached_mount);
        EXPECT_EQ(root->subdir, "anna");
        EXPECT_EQ(session->close(HEARTH_CLOSE_COMMIT).error().id(), "storage-no-space");
        EXPECT_EQ(sessions, 0) << "gone, although closing failed";
    }
    EXPECT_EQ(sessions, 0);
}

TEST_F(Sdk, TurnsWhateverGoesWrongIntoCodes) {
    const std::pair<Mood, const char*> cases[] = {
        {Mood::error, "storage-bad-secret"},    {Mood::thrown_error, "storage-no-space"},
        {Mood::no_memory, "storage-no-memory"}, {Mood::exception, "storage-internal"},
        {Mood::anything, "storage-internal"},   {Mood::nothing, "storage-internal"}};
    for (const auto& [what, id] : cases) {
        mood = what;
        EXPECT_EQ(provider.unlock_medium(view).error().id(), id);
    }
    EXPECT_NE(log.find("oops"), std::string::npos) << log;
    EXPECT_EQ(sessions, 0);
}

TEST_F(Sdk, ReachesTheHostsServices) {
    std::string note;
    bool was_critical = false;
    op.save_note = [&](std::string_view text) {
        note = text;
        return ok();
    };
    op.on_critical = [&](bool on) { was_critical |= on; };
    ASSERT_TRUE(provider.remove(view));
    EXPECT_EQ(note, "gone");
    EXPECT_TRUE(was_critical);
    EXPECT_FALSE(op.critical);
    EXPECT_EQ(*provider.state(view), plugin::MediumState::dirty);
    ASSERT_TRUE(provider.create(view, std::vector<plugin::Credential>(1)));
    EXPECT_EQ(record.binding(test::kMachine.id, "oneSlots")->number(), 1U);
}

TEST_F(Sdk, HandsOverTheIntent) {
    EXPECT_TRUE(provider.recover(view, {.op_id = 5, .note = {}}));
    EXPECT_EQ(provider.recover(view, {.op_id = 6, .note = {}}).error().code(),
              Code::recover_at_open);
}

TEST_F(Sdk, RefusesAHostOfAnotherVersion) {
    hearth_host other = plugin::host_table(HEARTH_ROLE_WORKER, "test");
    other.abi_minor = 99;
    const hearth_plugin* out = nullptr;
    EXPECT_EQ((sdk::detail::enter<OneStorage>(&other, &out, "id", "1")), HEARTH_E_NOT_SUPPORTED);
    EXPECT_EQ(out, nullptr);
}

TEST_F(Sdk, SwapsAndReleasesSecrets) {
    auto made = sdk::Secret::with_size(op.handle(), 4);
    ASSERT_TRUE(made);
    made->bytes()[0] = std::byte{'x'};
    EXPECT_EQ(made->view().text().substr(0, 1), "x");
    const auto kept = plugin::adopt(made->release());
    EXPECT_EQ(kept->size(), 4U);
    EXPECT_FALSE(*made);
}

}  // namespace
}  // namespace hearth
