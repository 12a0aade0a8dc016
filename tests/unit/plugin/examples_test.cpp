// SPDX-License-Identifier: LGPL-2.1-or-later
// The example plugins, through a home's life and through crashes in it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/plugin/loader.hpp"
#include "core/plugin/storage.hpp"
#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

namespace fs = std::filesystem;

class Example : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        HEARTH_NEED_ROOT();
        plugins.copy_plugin(GetParam());
        const auto registry = Registry::scan({plugins / "none", plugins.path()});
        const std::string storage = std::string("example-") + GetParam();
        const auto found = registry.find_storage(storage);
        ASSERT_TRUE(found) << found.error().one_line();
        const auto loaded = load(*found->entry, host_table(HEARTH_ROLE_WORKER, "test"));
        ASSERT_TRUE(loaded) << loaded.error().one_line();
        provider.emplace(**storage_table(**loaded, storage), found->entry->manifest->id, op);
        op.place_of = [this](const record::UserRecord&) -> Result<Place> {
            return Place{UniqueFd(::open(homes.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
                         "anna", ".#anna.temp", ".#anna.trash"};
        };
    }
    void make_home() {
        auto session = provider->create(view, {});
        ASSERT_TRUE(session) << session.error().one_line();
        const auto root = session->mount();
        ASSERT_TRUE(root);
        const UniqueFd file(::openat(root->fd, "letter", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        ASSERT_TRUE(file);
        ASSERT_TRUE(session->unmount());
        EXPECT_EQ(*provider->state(view), MediumState::absent) << "not before the commit";
        ASSERT_TRUE(session->close(HEARTH_CLOSE_COMMIT));
    }
    [[nodiscard]] bool is_empty() const { return fs::is_empty(homes.path()); }

    test::TrustedFolder plugins, homes;
    OperationContext op;
    record::UserRecord record = test::make_record();
    RecordView view{record, test::kMachine};
    std::optional<StorageProvider> provider;
};

TEST_P(Example, KeepsAHomeThroughItsLife) {
    EXPECT_EQ(*provider->state(view), MediumState::absent);
    make_home();
    EXPECT_EQ(*provider->state(view), MediumState::inactive);
    auto session = provider->unlock_medium(view);
    ASSERT_TRUE(session) << session.error().one_line();
    EXPECT_GE(session->mount()->fd, 0);
    ASSERT_TRUE(session->close(HEARTH_CLOSE_KEEP_ACTIVE));
    EXPECT_TRUE(provider->deactivate(view, -1, 0));
    EXPECT_TRUE(fs::exists(homes / "anna/letter"));
    ASSERT_TRUE(provider->remove(view));
    EXPECT_TRUE(is_empty());
}

TEST_P(Example, UndoesACreationThatIsDropped) {
    {
        auto session = provider->create(view, {});
        ASSERT_TRUE(session);
        EXPECT_FALSE(is_empty());
    }
    EXPECT_TRUE(is_empty());
}

TEST_P(Example, RefusesASecondHomeAndAMissingOne) {
    EXPECT_EQ(provider->unlock_medium(view).error().code(), Code::home_absent);
    make_home();
    EXPECT_EQ(provider->create(view, {}).error().code(), Code::home_exists);
    EXPECT_TRUE(fs::exists(homes / "anna/letter"));
}

TEST_P(Example, KeepsWhatSomebodyPutInItsPlaceMeanwhile) {
    auto session = provider->create(view, {});
    ASSERT_TRUE(session);
    fs::create_directory(homes / "anna");
    EXPECT_EQ(session->close(HEARTH_CLOSE_COMMIT).error().code(), Code::home_exists);
    EXPECT_TRUE(fs::is_directory(homes / "anna"));
}

TEST_P(Example, ClearsUpAfterACrash) {
    fs::create_directories(homes / ".#anna.temp/half");
    fs::create_directories(homes / ".#anna.trash/rest");
    ASSERT_TRUE(provider->recover(view, {.verb = HEARTH_VERB_CREATE, .note = {}}));
    ASSERT_TRUE(provider->recover(view, {.verb = HEARTH_VERB_CREATE, .note = {}})) << "again";
    EXPECT_TRUE(is_empty());
}

INSTANTIATE_TEST_SUITE_P(Both, Example, testing::Values("minimal-c", "minimal-cpp"),
                         [](const auto& instance) {
                             return instance.param == std::string("minimal-c") ? "C" : "Cpp";
                         });

}  // namespace
}  // namespace hearth::plugin
