// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/registry.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::service {

namespace {

constexpr std::size_t kMany = 1000;

class RegistryTest : public ::testing::Test {
  protected:
    RegistryTest()
        : surroundings_{root_.root(),
                        {"0123456789abcdef0123456789abcdef", "test"},
                        [](const record::CompactRecord&) { return true; }},
          registry_(surroundings_) {
        std::filesystem::create_directories(root_.root().state_dir());
    }
    void write(const std::string& name, const std::string& more) {
        root_.write("/var/lib/systemd/home/" + name + ".identity",
                    R"({"userName":")" + name + "\"" + more + "}");
    }
    [[nodiscard]] std::string owner(const std::string& name) const {
        const Home* const home = registry_.find(name);
        return home != nullptr ? home->user_name() : "";
    }

    /// All who are in a group, as they are enumerated.
    [[nodiscard]] std::string members(const std::string& group) const {
        std::string all;
        std::string last;
        while (const Home* const home = registry_.next_in_group(group, last)) {
            last = home->user_name();
            all += last + " ";
        }
        return all;
    }

    home::TempRoot root_;
    Surroundings surroundings_;
    Registry registry_;
};

}  // namespace

TEST_F(RegistryTest, ReadsManyWithDamagedOnesBetween) {
    for (std::size_t i = 0; i < kMany; ++i)
        write("u" + std::to_string(i), R"(,"uid":)" + std::to_string(200000 + i));
    root_.write("/var/lib/systemd/home/u500.identity", "{");
    root_.write("/var/lib/systemd/home/u501.identity", R"({"userName":"somebody"})");
    std::vector<Error> problems;
    ASSERT_TRUE(registry_.load(problems).has_value());
    EXPECT_EQ(registry_.homes().size(), kMany - 2);
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(problems.back().id(), "record-name-mismatch");
    for (std::size_t i = 0; i < kMany; ++i) {
        const Home* const home = registry_.find_uid(static_cast<uid_t>(200000 + i));
        ASSERT_EQ(home == nullptr, i == 500 || i == 501) << i;
        if (home != nullptr) EXPECT_EQ(home->user_name(), "u" + std::to_string(i));
    }
}

TEST_F(RegistryTest, DropsOnlyTheNamesOfTheHomeThatChanged) {
    write("ada", R"(,"realm":"x.org","uid":60001,"aliases":["shared","old"])");
    write("bob", R"(,"uid":60001,"aliases":["shared"])");
    std::vector<Error> problems;
    ASSERT_TRUE(registry_.load(problems).has_value());
    EXPECT_EQ(owner("shared"), "ada");
    EXPECT_EQ(owner("old@x.org"), "ada");
    EXPECT_EQ(registry_.find_uid(60001)->user_name(), "ada");
    registry_.forget("bob");
    EXPECT_EQ(owner("shared"), "ada");
    EXPECT_EQ(registry_.find_uid(60001)->user_name(), "ada");
    write("ada", R"(,"uid":60002,"aliases":["new"])");
    EXPECT_EQ(registry_.reload("ada").value(), Registry::Change::changed);
    for (const char* gone : {"old", "old@x.org", "shared", "ada@x.org"}) EXPECT_EQ(owner(gone), "");
    EXPECT_EQ(owner("new"), "ada");
    EXPECT_EQ(registry_.find_uid(60001), nullptr);
    EXPECT_EQ(registry_.reload("ada").value(), Registry::Change::none);
}

TEST_F(RegistryTest, KnowsWhoIsInAGroupAfterEveryChange) {
    write("ada", R"(,"memberOf":["crew","bob","crew"])");
    write("bob", R"(,"memberOf":["crew"])");
    write("cyd", R"(,"memberOf":["crew","cyd"])");
    write("dan", "");
    std::vector<Error> problems;
    ASSERT_TRUE(registry_.load(problems).has_value());
    EXPECT_EQ(members("crew"), "ada bob cyd ");
    EXPECT_EQ(members("bob"), "ada bob ");
    EXPECT_EQ(members("cyd"), "cyd ");
    EXPECT_EQ(members("dan"), "dan ");
    EXPECT_EQ(members("nobody"), "");
    write("bob", R"(,"memberOf":["dan"])");
    ASSERT_EQ(registry_.reload("bob").value(), Registry::Change::changed);
    EXPECT_EQ(members("crew"), "ada cyd ");
    EXPECT_EQ(members("dan"), "bob dan ");
    registry_.forget("ada");
    write("abe", R"(,"memberOf":["crew"])");
    ASSERT_EQ(registry_.reload("abe").value(), Registry::Change::added);
    EXPECT_EQ(members("crew"), "abe cyd ");
    EXPECT_EQ(members("bob"), "bob ");
    registry_.forget("abe");
    registry_.forget("cyd");
    EXPECT_EQ(members("crew"), "");
    EXPECT_EQ(members("cyd"), "");
}

TEST_F(RegistryTest, TellsWhatANewHomeCannotHave) {
    write("ada", R"(,"realm":"x.org","uid":60001,"aliases":["shared"])");
    write("bob", R"(,"uid":200000,"homeDirectory":"/srv/bob","imagePath":"/home/cyd.home")");
    write("dan", R"(,"uid":300000,"imagePath":"/home/cydonia.home")");
    std::vector<Error> problems;
    ASSERT_TRUE(registry_.load(problems).has_value());
    const auto of = [&](const std::string& more) {
        return registry_.neighbours_of(
            record::UserRecord::parse(R"({"userName":"cyd")" + more + "}").value());
    };
    const auto plain = of("");
    EXPECT_EQ(plain.uids, std::set<uid_t>{60001});
    EXPECT_TRUE(plain.names.empty());
    EXPECT_EQ(plain.paths, (std::map<std::string, std::string>{{"/home/cyd.home", "bob"}}));
    const auto greedy = of(
        R"(,"uid":200000,"realm":"x.org","aliases":["shared","ada"],"homeDirectory":"/srv/bob")");
    EXPECT_EQ(greedy.uids, (std::set<uid_t>{60001, 200000}));
    EXPECT_EQ(greedy.names, (std::set<std::string>{"ada", "ada@x.org", "shared", "shared@x.org"}));
    EXPECT_EQ(greedy.paths, (std::map<std::string, std::string>{{"/srv/bob", "bob"}}));
    EXPECT_EQ(of(R"(,"imagePath":"/home/cydonia.home")").paths.at("/home/cydonia.home"), "dan");
    registry_.forget("bob");
    EXPECT_TRUE(of(R"(,"uid":200000,"homeDirectory":"/srv/bob")").paths.empty());
    const auto itself = registry_.neighbours_of(registry_.find("ada")->record());
    EXPECT_TRUE(itself.uids.empty() && itself.names.empty() && itself.paths.empty());
}

}  // namespace hearth::service
