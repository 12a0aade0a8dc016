// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::home {
namespace {

record::UserRecord record_of(const std::string& user) {
    return record::UserRecord::parse(R"({"userName":")" + user + R"(","realName":"Somebody"})")
        .value();
}

TEST(Store, IsEmptyBeforeTheFolderExists) {
    const TempRoot temp;
    const auto store = Store::open(temp.root());
    ASSERT_TRUE(store.has_value());
    EXPECT_TRUE(store->names()->empty());
    EXPECT_EQ(store->load("ada").error().id(), "home-unknown");
}

TEST(Store, GivesBackWhatWasSaved) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(record_of("ada")).has_value());
    ASSERT_TRUE(store.save(record_of("bob")).has_value());
    EXPECT_EQ(*store.names(), (std::vector<std::string>{"ada", "bob"}));
    EXPECT_EQ(store.load("ada")->canonical(), record_of("ada").canonical());
}

TEST(Store, KeepsRecordsFromOtherEyes) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(record_of("ada")).has_value());
    struct stat status {};
    ASSERT_EQ(::stat((temp.root().state_dir() + "/ada.identity").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST(Store, NeverStoresASecret) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(
        record::UserRecord::parse(R"({"userName":"ada","secret":{"password":["x"]}})").value()));
    EXPECT_EQ(store.load("ada")->canonical(), R"({"userName":"ada"})");
}

TEST(Store, RefusesARecordUnderAnotherName) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(record_of("ada")).has_value());
    temp.write("/var/lib/systemd/home/bob.identity", R"({"userName":"ada"})");
    EXPECT_EQ(store.load("bob").error().id(), "record-name-mismatch");
}

TEST(Store, DoesNotFollowANameOutOfItsFolder) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(record_of("ada")).has_value());
    temp.write("/var/lib/systemd/secret.identity", R"({"userName":"secret"})");
    EXPECT_EQ(store.load("../secret").error().id(), "home-unknown");
}

TEST(Store, DoesNotFollowASymbolicLink) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(record_of("ada")).has_value());
    std::filesystem::create_symlink(temp.root().state_dir() + "/ada.identity",
                                    temp.root().state_dir() + "/eve.identity");
    ASSERT_FALSE(store.load("eve").has_value());
}

TEST(Store, FindsByNameByUidAndWithRealm) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    auto record = record_of("ada");
    ASSERT_TRUE(record.set("realm", "example.com"));
    const record::Machine machine{"0123456789abcdef0123456789abcdef", ""};
    record.set_binding(machine.id, "uid", 60123U);
    ASSERT_TRUE(store.save(record).has_value());
    EXPECT_TRUE(store.find("ada", machine).has_value());
    EXPECT_TRUE(store.find("60123", machine).has_value());
    EXPECT_TRUE(store.find("ada@example.com", machine).has_value());
    EXPECT_EQ(store.find("ada@example.org", machine).error().id(), "home-unknown");
    EXPECT_EQ(store.find("60124", machine).error().id(), "home-unknown");
}

TEST(Store, ForgetsOnRequestAndTwice) {
    const TempRoot temp;
    auto store = Store::open(temp.root()).value();
    ASSERT_TRUE(store.save(record_of("ada")).has_value());
    EXPECT_TRUE(store.remove("ada").has_value());
    EXPECT_TRUE(store.remove("ada").has_value());
    EXPECT_EQ(store.load("ada").error().id(), "home-unknown");
}

TEST(Root, PrefixesEveryPlaceButNotPathsInRecords) {
    const Root root("/tmp/r");
    EXPECT_EQ(root.state_dir(), "/tmp/r/var/lib/systemd/home");
    EXPECT_EQ(root.path("/home/ada"), "/tmp/r/home/ada");
    EXPECT_EQ(Root().state_dir(), "/var/lib/systemd/home");
}

TEST(Root, ReadsTheMachineIdAndRefusesNonsense) {
    const TempRoot temp;
    EXPECT_EQ(read_machine(temp.root())->id, "0123456789abcdef0123456789abcdef");
    temp.write("/etc/machine-id", "uninitialized\n");
    EXPECT_EQ(read_machine(temp.root()).error().id(), "machine-id-invalid");
    std::filesystem::remove(temp.path() + "/etc/machine-id");
    EXPECT_EQ(read_machine(temp.root()).error().id(), "machine-id-missing");
}

}  // namespace
}  // namespace hearth::home
