// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/record/key_store.hpp"
#include "tests/unit/record/test_files.hpp"

namespace hearth::record {
namespace {

using test::TemporaryFolder;

KeyStore open_store(const TemporaryFolder& state, const std::vector<std::string>& dirs = {}) {
    return KeyStore::open(dirs, state.path(), geteuid()).value();
}

std::string foreign_pem() {
    const TemporaryFolder elsewhere;
    auto store = open_store(elsewhere);
    return store.find_key("local.public").value().key.pem();
}

std::vector<std::string> names_of(KeyStore& store) {
    std::vector<std::string> out;
    const auto keys = store.all_keys().value();
    for (const auto& key : keys) out.push_back(key.name);
    return out;
}

using Names = std::vector<std::string>;

TEST(KeyAdmin, MakesTheKeyOfThisMachineWhenSomebodyAsks) {
    const TemporaryFolder state;
    auto store = open_store(state);
    EXPECT_EQ(names_of(store), Names{"local.public"});
    EXPECT_TRUE(store.has_private_key());
    EXPECT_EQ(store.find_key("local.public")->key.pem(),
              test::read_file(state.file("local.public")));
}

TEST(KeyAdmin, TrustsAKeyFromTheMomentItIsAdded) {
    const TemporaryFolder state;
    auto store = open_store(state);
    const std::string pem = foreign_pem();
    ASSERT_TRUE(store.add_key("other.public", pem).has_value());
    EXPECT_EQ(names_of(store), (Names{"local.public", "other.public"}));
    EXPECT_EQ(store.find_key("other.public")->key.pem(), pem);
    EXPECT_EQ(store.trusted_keys().size(), 1U);
    EXPECT_EQ(open_store(state).trusted_keys().size(), 1U);
    struct stat st {};
    ASSERT_EQ(stat(state.file("other.public").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777U, 0444U);
}

TEST(KeyAdmin, TrustsItNoLongerWhenItIsRemoved) {
    const TemporaryFolder state;
    auto store = open_store(state);
    ASSERT_TRUE(store.add_key("other.public", foreign_pem()).has_value());
    ASSERT_TRUE(store.remove_key("other.public").has_value());
    EXPECT_EQ(names_of(store), Names{"local.public"});
    EXPECT_TRUE(store.trusted_keys().empty());
    EXPECT_EQ(store.remove_key("other.public").error().id(), "public-key-unknown");
    EXPECT_EQ(store.find_key("other.public").error().id(), "public-key-unknown");
}

TEST(KeyAdmin, RefusesNamesThatAreNone) {
    const TemporaryFolder state;
    auto store = open_store(state);
    const std::string pem = foreign_pem();
    for (const char* name : {"", ".", "..", ".public", ".x.public", "x", "x.pub", "a/x.public",
                             "../x.public", "local.public", "a\nb.public", "\xff.public"}) {
        EXPECT_EQ(store.add_key(name, pem).error().id(), "public-key-name") << name;
        EXPECT_EQ(store.remove_key(name).error().id(), "public-key-name") << name;
    }
}

TEST(KeyAdmin, RefusesWhatIsNoKey) {
    const TemporaryFolder state;
    auto store = open_store(state);
    EXPECT_EQ(store.add_key("x.public", "").error().id(), "public-key-invalid");
    EXPECT_EQ(store.add_key("x.public", test::read_file("/proc/version")).error().id(),
              "public-key-invalid");
}

TEST(KeyAdmin, AddsNothingTwice) {
    const TemporaryFolder state;
    auto store = open_store(state);
    const std::string pem = foreign_pem();
    ASSERT_TRUE(store.add_key("x.public", pem).has_value());
    EXPECT_EQ(store.add_key("x.public", foreign_pem()).error().id(), "public-key-exists");
    EXPECT_EQ(store.add_key("y.public", pem).error().id(), "public-key-exists");
    EXPECT_EQ(store.add_key("y.public", store.local_public_key()->pem()).error().id(),
              "public-key-exists");
    // A file that hides a key of this name, or is none, is somebody's as well.
    state.write("z.public", "", 0644);
    EXPECT_EQ(store.add_key("z.public", foreign_pem()).error().id(), "public-key-exists");
}

TEST(KeyAdmin, LeavesOtherFoldersAlone) {
    const TemporaryFolder state;
    const TemporaryFolder packaged;
    packaged.write("vendor.public", foreign_pem(), 0444);
    auto store = open_store(state, {packaged.path()});
    EXPECT_EQ(store.remove_key("vendor.public").error().id(), "public-key-elsewhere");
    EXPECT_EQ(store.trusted_keys().size(), 1U);
}

}  // namespace
}  // namespace hearth::record
