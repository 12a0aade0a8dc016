// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/discovery/discovery.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/discovery/partitions.hpp"
#include "core/home/store.hpp"
#include "core/home/uid.hpp"
#include "tests/unit/home/temp_root.hpp"

namespace hearth::discovery {
namespace {

constexpr const char* kType = "773f91ef-66d4-49b5-bd83-d683bf40ad16";
const record::Machine kMachine{"0123456789abcdef0123456789abcdef", "host"};

class DiscoveryTest : public testing::Test {
  protected:
    void SetUp() override { folder("/home"); }
    void folder(const std::string& path) const {
        std::filesystem::create_directories(temp.path() + path);
    }
    void file(const std::string& path) const {
        folder(std::filesystem::path(path).parent_path().string());
        temp.write(path, "x");
    }
    void known(const std::string& text) const {
        auto store = home::Store::open(temp.root()).value();
        ASSERT_TRUE(store.save(record::UserRecord::parse(text).value()).has_value());
    }
    [[nodiscard]] std::vector<std::string> found() {
        std::vector<std::string> out;
        for (const auto& record : discovery.scan()) out.push_back(record.identity());
        return out;
    }
    [[nodiscard]] std::string bound(const record::UserRecord& record, const char* field) const {
        const auto value = record.binding(kMachine.id, field);
        return value ? value->text().value_or("?") : "";
    }

    home::TempRoot temp;
    home::Root root = temp.root();
    Discovery discovery{root,
                        kMachine,
                        {{"image", ".home", false, kType},
                         {"folder", ".homedir", true, ""},
                         {"other", ".homedir", true, ""},
                         {"server", "", false, ""}}};
};

using Names = std::vector<std::string>;

TEST_F(DiscoveryTest, FindsWhatIsCalledAndMadeLikeAHome) {
    file("/home/hzada.home");
    folder("/home/hzbob.homedir");
    file("/home/hzeve@example.com.home");
    file("/home/hzfile.homedir");
    folder("/home/hzfolder.home");
    file("/home/.#hzada.home0123456789abcdef");
    file("/home/hzplain");
    folder("/home/hzactive");
    file("/home/.home");
    file("/home/1.home");
    file("/home/root.home");
    file("/home/hz a.home");
    file("/home/hzeve@.home");
    EXPECT_EQ(found(), (Names{"hzada", "hzbob", "hzeve@example.com"}));
}

TEST_F(DiscoveryTest, KnowsWhatFixatingNeeds) {
    file("/home/hzada.home");
    const auto record = discovery.look_at("/home/hzada.home");
    ASSERT_TRUE(record.has_value()) << record.error().one_line();
    EXPECT_EQ(bound(*record, "imagePath"), "/home/hzada.home");
    EXPECT_EQ(bound(*record, "homeDirectory"), "/home/hzada");
    EXPECT_EQ(bound(*record, "storage"), "image");
    const auto uid = record->binding(kMachine.id, "uid")->number();
    EXPECT_EQ(uid, home::preferred_uid("hzada"));
    EXPECT_EQ(record->binding(kMachine.id, "gid")->number(), uid);
    EXPECT_EQ(record->get("disposition")->text(), "regular");
}

TEST_F(DiscoveryTest, LeavesTheStorageOpenWhereSeveralCouldBeIt) {
    folder("/home/hzbob.homedir");
    EXPECT_EQ(bound(discovery.look_at("/home/hzbob.homedir").value(), "storage"), "");
}

TEST_F(DiscoveryTest, TakesTheOwnerOfAFolderForItsUser) {
    folder("/home/hzbob.homedir");
    if (::chown((temp.path() + "/home/hzbob.homedir").c_str(), 60321, 60321) != 0)
        GTEST_SKIP() << "needs root";
    const auto record = discovery.look_at("/home/hzbob.homedir").value();
    EXPECT_EQ(record.binding(kMachine.id, "uid")->number(), 60321U);
}

TEST_F(DiscoveryTest, LeavesOutWhoIsKnownAlready) {
    for (const char* name : {"hzada", "hzbob", "hzalias", "daemon", "hznew"})
        file(std::string("/home/") + name + ".home");
    file("/home/hzother.home");
    known(R"({"userName":"hzada"})");
    temp.write("/var/lib/systemd/home/hzbob.identity", "damaged");
    known(
        R"({"userName":"hzcarl","aliases":["hzalias"],"binding":{"0123456789abcdef0123456789abcdef":)"
        R"({"imagePath":"/home/hzother.home"}}})");
    EXPECT_EQ(found(), Names{"hznew"});
    EXPECT_EQ(discovery.look_at("/home/hzada.home").error().id(), "home-exists");
    EXPECT_EQ(discovery.look_at("/home/daemon.home").error().id(), "user-exists");
}

TEST_F(DiscoveryTest, GivesNoUserTheNumberOfAnother) {
    file("/home/hzada.home");
    known(R"({"userName":"hzcarl","uid":)" + std::to_string(home::preferred_uid("hzada")) + "}");
    const auto record = discovery.look_at("/home/hzada.home").value();
    EXPECT_NE(record.binding(kMachine.id, "uid")->number(), home::preferred_uid("hzada"));
}

TEST_F(DiscoveryTest, AsksWhoKnowsTheOthersInsteadOfReadingThem) {
    for (const char* name : {"hzada", "hzalias", "hzother", "hznew", "hzbob"})
        file(std::string("/home/") + name + ".home");
    known(R"({"userName":"hzada"})");
    std::vector<std::string> asked;
    Discovery asking(
        root, kMachine, {{"image", ".home", false, kType}}, [&](const record::UserRecord& found) {
            asked.push_back(found.user_name());
            return home::Neighbours{
                {home::preferred_uid("hzbob")}, {"hzalias"}, {{"/home/hzother.home", "hzcarl"}}};
        });
    Names found;
    for (const auto& record : asking.scan()) found.push_back(record.user_name());
    EXPECT_EQ(found, (Names{"hzbob", "hznew"}));
    EXPECT_EQ(asked, (Names{"hzalias", "hzbob", "hznew", "hzother"}));
    const auto record = asking.look_at("/home/hzbob.home").value();
    EXPECT_NE(record.binding(kMachine.id, "uid")->number(), home::preferred_uid("hzbob"));
}

TEST_F(DiscoveryTest, FollowsLinksToWhereTheHomeIs) {
    file("/srv/disk/whatever");
    std::filesystem::create_symlink("../srv/disk/whatever", temp.path() + "/home/hzada.home");
    std::filesystem::create_symlink("/etc/passwd", temp.path() + "/home/hzout.home");
    std::filesystem::create_symlink("nowhere", temp.path() + "/home/hzgone.home");
    EXPECT_EQ(found(), Names{"hzada"});
    EXPECT_EQ(bound(discovery.look_at("/home/hzada.home").value(), "imagePath"),
              "/srv/disk/whatever");
}

TEST_F(DiscoveryTest, FindsNothingWithoutAFolderOfHomes) {
    std::filesystem::remove(temp.path() + "/home");
    EXPECT_EQ(found(), Names{});
}

TEST_F(DiscoveryTest, SaysWhyAPathIsNoHome) {
    file("/home/hzada");
    for (const char* path : {"", "home/hzada.home", "/home/hzada", "/home/hzgone.home", "/"})
        EXPECT_EQ(discovery.look_at(path).error().id(), "found-format") << path;
}

TEST_F(DiscoveryTest, FindsPartitionsByTypeAndLabel) {
    folder("/run/udev/data");
    const auto entry = [&](const char* name, const std::string& type, const std::string& label) {
        temp.write(std::string("/run/udev/data/") + name,
                   "S:disk/by-uuid/x\nE:ID_FS_UUID=" + std::string(name) +
                       "-11\nE:ID_PART_ENTRY_TYPE=" + type + "\nE:ID_PART_ENTRY_NAME=" + label +
                       "\n");
    };
    entry("b8:1", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "hzboot");
    entry("b8:2", kType, "hzada");
    temp.write(
        "/run/udev/data/b82",
        std::string("E:ID_FS_UUID=AA-11\nE:ID_PART_ENTRY_NAME=hzada@x.org\nE:ID_PART_ENTRY_TYPE=") +
            kType);
    temp.write(
        "/run/udev/data/n1",
        std::string("E:ID_FS_UUID=AA-12\nE:ID_PART_ENTRY_NAME=hznet\nE:ID_PART_ENTRY_TYPE=") +
            kType);
    entry("b83", kType, "a\\x20b");
    entry("b84", kType, "hzbob");
    const auto records = discovery.scan();
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].identity(), "hzada@x.org");
    EXPECT_EQ(bound(records[0], "imagePath"), "/dev/disk/by-uuid/AA-11");
    EXPECT_EQ(bound(records[0], "storage"), "image");
    EXPECT_EQ(records[1].identity(), "hzbob");
}

TEST(Partitions, MakeNoPathsOfStrangeNames) {
    EXPECT_EQ(read_partition("E:ID_FS_UUID=../../sda\n").uuid, "");
    EXPECT_EQ(read_partition("E:ID_FS_UUID=0a-B\nE:x\n=\n").uuid, "0a-B");
}

}  // namespace
}  // namespace hearth::discovery
