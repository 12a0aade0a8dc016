// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/loader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/plugin/services.hpp"
#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

class Loader : public testing::Test {
  protected:
    void SetUp() override { HEARTH_NEED_ROOT(); }

    /// Loads a copy of a plugin built for tests, and gives the id of the failure.
    std::string failure_of(const std::string& name) {
        const auto loaded = load_copy(name);
        return loaded ? "loaded" : loaded.error().id();
    }
    Result<const hearth_plugin*> load_copy(const std::string& name) {
        folder.copy_plugin(name);
        const auto registry = Registry::scan({folder / "none", folder.path()});
        HEARTH_TRY(found, registry.find_storage(name));
        return load(*found.entry, host_table(HEARTH_ROLE_WORKER, "test"));
    }
    test::TrustedFolder folder;
};

TEST_F(Loader, LoadsOneThatBehaves) {
    const auto loaded = load_copy("good");
    ASSERT_TRUE(loaded) << loaded.error().one_line();
    EXPECT_STREQ((*loaded)->id, "org.example.good");
    const auto table = storage_table(**loaded, "good");
    ASSERT_TRUE(table);
    EXPECT_NE((*table)->create, nullptr);
    EXPECT_EQ(storage_table(**loaded, "other").error().id(), "plugin-disagrees");
    EXPECT_EQ(auth_table(**loaded, "good").error().id(), "plugin-disagrees");
}

TEST_F(Loader, GivesTheSameTableAgain) {
    const auto first = load_copy("good");
    const auto second = load_copy("good");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
}

TEST_F(Loader, RefusesThoseWhoseCodeIsOfAnotherBuild) {
    EXPECT_EQ(failure_of("bad-table"), "plugin-disagrees");
    EXPECT_EQ(failure_of("bad-abi-table"), "plugin-abi-mismatch");
}

TEST_F(Loader, RefusesThoseWhoseEntryFails) {
    EXPECT_EQ(failure_of("bad-entry-fails"), "plugin-entry-failed");
    EXPECT_EQ(failure_of("bad-entry-empty"), "plugin-entry-failed");
    EXPECT_EQ(failure_of("bad-no-entry"), "plugin-no-entry");
}

TEST_F(Loader, NeverGetsToLoadAnotherAbi) {
    EXPECT_EQ(failure_of("bad-abi-note"), "storage-refused");
}

TEST_F(Loader, ChecksTrustAgain) {
    folder.copy_plugin("good");
    const auto registry = Registry::scan({folder / "none", folder.path()});
    const auto found = registry.find_storage("good");
    ASSERT_TRUE(found);
    ::chmod((folder / "good.so").c_str(), 0666);
    EXPECT_EQ(load(*found->entry, host_table(HEARTH_ROLE_WORKER, "test")).error().id(),
              "plugin-untrusted-file");
}

TEST_F(Loader, TellsWhatTheLinkerSays) {
    folder.write("stub.so", test::make_plugin(test::make_manifest("org.example.stub", "stub")));
    const auto registry = Registry::scan({folder / "none", folder.path()});
    const auto loaded =
        load(*registry.find_storage("stub")->entry, host_table(HEARTH_ROLE_WORKER, "test"));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().id(), "plugin-load-failed");
    EXPECT_NE(loaded.error().why().find("stub.so"), std::string::npos) << loaded.error().why();
}

TEST_F(Loader, DoesNotLoadARefusedEntry) {
    Registry::Entry entry;
    EXPECT_EQ(load(entry, host_table(HEARTH_ROLE_WORKER, "test")).error().id(),
              "plugin-load-failed");
}

}  // namespace
}  // namespace hearth::plugin
