// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/record/key_store.hpp"
#include "core/record/signatures.hpp"
#include "tests/unit/record/test_files.hpp"

namespace hearth::record {
namespace {

using test::read_file;
using test::vector_path;

UserRecord load(const std::string& name) {
    auto record = UserRecord::parse(read_file(vector_path(name)));
    if (!record) throw std::runtime_error(name + ": " + record.error().one_line());
    return std::move(record).value();
}

/// The names of the vectors that begin with `prefix` and end with ".identity".
std::vector<std::string> vectors(const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(vector_path("")))
        if (const auto name = entry.path().filename().string();
            name.starts_with(prefix) && name.ends_with(".identity"))
            names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

/// A key store with the key pair of the release that made a vector.
class Release {
  public:
    explicit Release(const std::string& release) {
        folder_.write("local.private", read_file(vector_path(release + "-local.private")), 0400);
        folder_.write("local.public", read_file(vector_path(release + "-local.public")), 0444);
    }
    KeyStore store() const {
        return std::move(KeyStore::open({}, folder_.path(), geteuid())).value();
    }

  private:
    test::TemporaryFolder folder_;
};

class Vectors : public testing::TestWithParam<std::string> {
  protected:
    std::string release() const { return GetParam().substr(0, 4); }
};

TEST_P(Vectors, Verify) {
    const auto store = Release(release()).store();
    const auto trust = store.verify(load(GetParam()));
    ASSERT_TRUE(trust.has_value()) << trust.error().one_line();
    EXPECT_EQ(*trust, Trust::exclusive);
}

TEST_P(Vectors, HaveTheSameSignedText) {
    const auto text_file = GetParam().substr(0, GetParam().size() - 8) + "signable";
    EXPECT_EQ(load(GetParam()).signable(), read_file(vector_path(text_file)));
}

TEST_P(Vectors, SignedAgainGiveTheSameBytes) {
    auto store = Release(release()).store();
    auto record = load(GetParam());
    ASSERT_TRUE(store.sign(record).has_value());
    EXPECT_EQ(record.canonical(), load(GetParam()).canonical());
}

TEST_P(Vectors, AreWrittenInTheirOwnFileForm) {
    EXPECT_EQ(load(GetParam()).pretty(), read_file(vector_path(GetParam())));
}

TEST_P(Vectors, FailAfterAnyChangeOfASignedField) {
    const auto store = Release(release()).store();
    auto record = load(GetParam());
    ASSERT_TRUE(record.set("memberOf", std::vector<std::string>{"wheel"}).has_value());
    EXPECT_EQ(*store.verify(record), Trust::unknown_key);
    EXPECT_EQ(store.require_trusted(record).error().id(), "record-signature-mismatch");
}

TEST_P(Vectors, StayGoodAfterAChangeOfTheBinding) {
    const auto store = Release(release()).store();
    auto record = load(GetParam());
    record.set_binding("0123456789abcdef0123456789abcde2", "uid", 60999);
    record.set_status("0123456789abcdef0123456789abcde2", "rateLimitCount", 1);
    EXPECT_EQ(*store.verify(record), Trust::exclusive);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
}
INSTANTIATE_TEST_SUITE_P(V252, Vectors, testing::ValuesIn(vectors("v252-")), test_name);
INSTANTIATE_TEST_SUITE_P(V257, Vectors, testing::ValuesIn(vectors("v257-")), test_name);

class Quirks : public testing::TestWithParam<std::string> {};

TEST_P(Quirks, AreRefusedWithAClearError) {
    const auto record = load(GetParam());
    const test::TemporaryFolder folder;
    folder.write("maker.public", read_signatures(record)->front().key, 0444);
    const auto store = std::move(KeyStore::open({}, folder.path(), geteuid())).value();
    const auto refusal = store.require_trusted(record);
    ASSERT_FALSE(refusal.has_value());
    EXPECT_EQ(refusal.error().id(), "record-signature-mismatch");
    EXPECT_NE(refusal.error().why().find("reorder"), std::string::npos);
}

TEST_P(Quirks, AreOfAnUnknownKeyWhereTheirMakerIsNotKnown) {
    const auto refusal = Release("v257").store().require_trusted(load(GetParam()));
    ASSERT_FALSE(refusal.has_value());
    EXPECT_EQ(refusal.error().id(), "record-unknown-key");
}

INSTANTIATE_TEST_SUITE_P(V262, Quirks, testing::ValuesIn(vectors("quirk-")), test_name);

TEST(Signing, TheDataIsThere) {
    EXPECT_GE(vectors("v252-").size(), 7U);
    EXPECT_GE(vectors("v257-").size(), 7U);
    EXPECT_GE(vectors("quirk-").size(), 3U);
}

TEST(Signing, ARecordThatConfusesOthersVerifiesAfterASaveAndALoad) {
    auto record = load("quirk-input-weird.json");
    auto store = Release("v257").store();
    ASSERT_TRUE(store.sign(record).has_value());
    for (const auto& text : {record.pretty(), record.canonical()}) {
        const auto again = UserRecord::parse(text);
        ASSERT_TRUE(again.has_value());
        EXPECT_EQ(*store.verify(*again), Trust::exclusive);
        EXPECT_EQ(again->canonical(), record.canonical());
    }
}

}  // namespace
}  // namespace hearth::record
