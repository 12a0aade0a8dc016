// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/key_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "core/record/base64.hpp"
#include "tests/unit/record/test_files.hpp"

namespace hearth::record {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::vector_path;

UserRecord anna() {
    return std::move(UserRecord::parse(R"({"userName":"anna","uid":60001})")).value();
}

KeyStore open_store(const TemporaryFolder& state, const std::vector<std::string>& dirs = {}) {
    auto store = KeyStore::open(dirs, state.path(), geteuid());
    if (!store) throw std::runtime_error(store.error().one_line());
    return std::move(store).value();
}

mode_t mode_of(const std::string& path) {
    struct stat st {};
    return stat(path.c_str(), &st) == 0 ? st.st_mode & 07777U : 0;
}

/// Somebody else's machine: its key pair in a folder of its own.
struct Stranger {
    TemporaryFolder folder;
    KeyStore store = open_store(folder);

    Stranger() { sign(anna()); }  // makes the key pair
    UserRecord sign(UserRecord record) {
        EXPECT_TRUE(store.sign(record).has_value());
        return record;
    }
    std::string public_pem() const { return store.local_public_key()->pem(); }
};

/// Puts the signature elements of one record behind those of another.
void add_signature(UserRecord& record, const UserRecord& other) {
    const auto mine = record.get("signature")->json();
    const auto theirs = other.get("signature")->json();
    const auto both = mine.substr(0, mine.size() - 1) + "," + theirs.substr(1);
    ASSERT_TRUE(record.set("signature", *Value::parse(both)).has_value());
}

TEST(KeyStore, MakesAKeyPairOnTheFirstSignature) {
    const TemporaryFolder state;
    auto store = open_store(state);
    EXPECT_FALSE(store.has_private_key());
    EXPECT_FALSE(std::filesystem::exists(state.file("local.private")));
    auto record = anna();
    ASSERT_TRUE(store.sign(record).has_value());
    EXPECT_EQ(mode_of(state.file("local.private")), 0400U);
    EXPECT_EQ(mode_of(state.file("local.public")), 0444U);
    EXPECT_EQ(read_file(state.file("local.public")), store.local_public_key()->pem());
    const auto files = std::filesystem::directory_iterator(state.path());
    EXPECT_EQ(std::distance(begin(files), end(files)), 2) << "a temporary file was left behind";
    EXPECT_EQ(*open_store(state).verify(record), Trust::exclusive);
}

TEST(KeyStore, AnInterruptedKeyPairIsMadeAgain) {
    const TemporaryFolder state;
    state.write("local.public", "left over", 0444);
    state.write(".#local.private", "left over", 0600);
    auto store = open_store(state);
    auto record = anna();
    ASSERT_TRUE(store.sign(record).has_value());
    EXPECT_EQ(read_file(state.file("local.public")), store.local_public_key()->pem());
}

TEST(KeyStore, TwoWhoSignForTheFirstTimeEndUpWithOneKey) {
    const TemporaryFolder state;
    std::vector<KeyStore> stores;
    for (int i = 0; i < 8; ++i) stores.push_back(open_store(state));
    std::vector<UserRecord> records;
    for (int i = 0; i < 8; ++i) records.push_back(anna());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < stores.size(); ++i)
        threads.emplace_back([&, i] { EXPECT_TRUE(stores[i].sign(records[i]).has_value()); });
    for (auto& thread : threads) thread.join();
    for (const auto& record : records) EXPECT_EQ(record.canonical(), records.front().canonical());
}

TEST(KeyStore, ReplacesForeignSignaturesWhenItSigns) {
    Stranger stranger;
    auto record = stranger.sign(anna());
    const TemporaryFolder state;
    auto store = open_store(state);
    ASSERT_TRUE(store.sign(record).has_value());
    EXPECT_EQ(*store.verify(record), Trust::exclusive);
    EXPECT_EQ(*stranger.store.verify(record), Trust::unknown_key);
}

TEST(KeyStore, TellsTheKindsOfTrustApart) {
    Stranger stranger;
    const TemporaryFolder state;
    const auto foreign = stranger.sign(anna());
    EXPECT_EQ(*open_store(state).verify(anna()), Trust::unsigned_record);
    EXPECT_EQ(*open_store(state).verify(foreign), Trust::unknown_key);
    state.write("stranger.public", stranger.public_pem(), 0444);
    EXPECT_EQ(*open_store(state).verify(anna()), Trust::unsigned_record);
    EXPECT_EQ(*open_store(state).verify(foreign), Trust::foreign);
    auto store = open_store(state);
    auto shared = anna();
    ASSERT_TRUE(store.sign(shared).has_value());
    EXPECT_EQ(*store.verify(shared), Trust::exclusive);
    add_signature(shared, foreign);
    EXPECT_EQ(*store.verify(shared), Trust::shared);
    EXPECT_EQ(*stranger.store.verify(shared), Trust::shared);
}

TEST(KeyStore, AKeyNamedInTheRecordIsNoReasonToTrustIt) {
    Stranger stranger;
    const TemporaryFolder state;
    auto store = open_store(state);
    auto record = anna();
    ASSERT_TRUE(store.sign(record).has_value());
    const auto forged = stranger.sign(anna());
    const auto data = forged.get("signature")->json();
    const auto start = data.find("\"data\":\"") + 8;
    const auto text = R"([{"data":")" + data.substr(start, 88) + R"(","key":)" +
                      Value(store.local_public_key()->pem()).json() + "}]";
    ASSERT_TRUE(record.set("signature", *Value::parse(text)).has_value());
    EXPECT_EQ(*store.verify(record), Trust::unknown_key);
}

TEST(KeyStore, RefusalsSayWhatToDo) {
    const TemporaryFolder state;
    const auto store = open_store(state);
    Stranger stranger;
    const auto unsigned_error = store.require_trusted(anna()).error();
    EXPECT_EQ(unsigned_error.id(), "record-unsigned");
    EXPECT_FALSE(unsigned_error.hint().empty());
    const auto unknown = store.require_trusted(stranger.sign(anna())).error();
    EXPECT_EQ(unknown.id(), "record-unknown-key");
    EXPECT_NE(unknown.hint().find(state.path()), std::string::npos);
}

class MalformedSignatures : public testing::TestWithParam<const char*> {};
TEST_P(MalformedSignatures, AreAnError) {
    const TemporaryFolder state;
    auto record = anna();
    ASSERT_TRUE(record.set("signature", *Value::parse(GetParam())).has_value());
    const auto store = open_store(state);
    ASSERT_FALSE(store.verify(record).has_value());
    EXPECT_EQ(store.verify(record).error().id(), "record-bad-signature");
    EXPECT_EQ(store.require_trusted(record).error().id(), "record-bad-signature");
}
INSTANTIATE_TEST_SUITE_P(Corpus, MalformedSignatures,
                         testing::Values("null", "{}", "\"x\"", "[1]", "[{}]", R"([{"key":"x"}])",
                                         R"([{"data":7}])", R"([{"data":""}])",
                                         R"([{"data":"AAA"}])", R"([{"data":"AA=="},{"data":"?"}])",
                                         R"([{"data":"AAAA\n"}])"));

TEST(KeyStore, ASignatureOfTheWrongLengthIsJustBad) {
    const TemporaryFolder state;
    auto store = open_store(state);
    auto record = anna();
    ASSERT_TRUE(store.sign(record).has_value());
    ASSERT_TRUE(record.set("signature", *Value::parse(R"([{"data":"AAAA"}])")).has_value());
    EXPECT_EQ(*store.verify(record), Trust::unknown_key);
    ASSERT_TRUE(record.set("signature", *Value::parse("[]")).has_value());
    EXPECT_EQ(*store.verify(record), Trust::unsigned_record);
}

TEST(KeyStore, EarlierFoldersHideAndMaskLaterOnes) {
    Stranger a;
    Stranger b;
    const TemporaryFolder etc;
    const TemporaryFolder state;
    etc.write("x.public", a.public_pem(), 0444);
    state.write("x.public", b.public_pem(), 0444);
    state.write("y.public", b.public_pem(), 0444);
    state.write("z.public", b.public_pem(), 0444);
    state.write("other.txt", b.public_pem(), 0444);
    etc.write("y.public", "", 0444);
    std::filesystem::create_symlink("/dev/null", etc.file("z.public"));
    const auto store = open_store(state, {etc.path(), "/nonexistent/folder"});
    ASSERT_EQ(store.trusted_keys().size(), 1U);
    EXPECT_EQ(store.trusted_keys().front().name, "x.public");
    EXPECT_EQ(store.trusted_keys().front().key.pem(), a.public_pem());
    EXPECT_TRUE(store.warnings().empty());
}

TEST(KeyStore, TheFirstPrivateKeyCounts) {
    const TemporaryFolder etc;
    const TemporaryFolder state;
    etc.write("local.private", read_file(vector_path("v252-local.private")), 0400);
    state.write("local.private", read_file(vector_path("v257-local.private")), 0400);
    EXPECT_EQ(open_store(state, {etc.path()}).local_public_key()->pem(),
              read_file(vector_path("v252-local.public")));
    EXPECT_EQ(open_store(state).local_public_key()->pem(),
              read_file(vector_path("v257-local.public")));
}

TEST(KeyStore, DoesNotTrustLocalPublicByItself) {
    Stranger stranger;
    const TemporaryFolder state;
    state.write("local.public", stranger.public_pem(), 0444);
    EXPECT_TRUE(open_store(state).trusted_keys().empty());
}

TEST(KeyStore, SkipsUnusablePublicKeysWithAWarning) {
    Stranger stranger;
    const TemporaryFolder state;
    state.write("junk.public", "junk", 0444);
    state.write("writable.public", stranger.public_pem(), 0466);
    state.write("rsa.public", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", 0444);
    state.write("real.pem", stranger.public_pem(), 0444);
    std::filesystem::create_symlink(state.file("real.pem"), state.file("link.public"));
    std::filesystem::create_directory(state.file("dir.public"));
    const auto store = open_store(state);
    EXPECT_TRUE(store.trusted_keys().empty());
    EXPECT_EQ(store.warnings().size(), 5U);
    for (const auto& warning : store.warnings())
        EXPECT_EQ(warning.id(), "public-key-skipped") << warning.one_line();
}

TEST(KeyStore, RefusesAPrivateKeyThatOthersCanRead) {
    for (const mode_t mode : {0440, 0404, 0420, 0644}) {
        const TemporaryFolder state;
        state.write("local.private", read_file(vector_path("v252-local.private")), mode);
        const auto store = KeyStore::open({}, state.path(), geteuid());
        ASSERT_FALSE(store.has_value()) << mode;
        EXPECT_EQ(store.error().id(), "signing-key-unsafe");
    }
}

TEST(KeyStore, RefusesKeysOfAnotherOwner) {
    const TemporaryFolder state;
    state.write("local.private", read_file(vector_path("v252-local.private")), 0400);
    EXPECT_EQ(KeyStore::open({}, state.path(), geteuid() + 1).error().id(), "signing-key-unsafe");
}

TEST(KeyStore, RefusesAPrivateKeyThatIsNone) {
    for (const std::string content :
         {"", "junk", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n"}) {
        const TemporaryFolder state;
        state.write("local.private", content, 0400);
        EXPECT_EQ(KeyStore::open({}, state.path(), geteuid()).error().id(), "signing-key-invalid")
            << content;
    }
}

TEST(KeyStore, SaysSoWhenItCannotStoreItsKey) {
    auto store = std::move(KeyStore::open({}, "/nonexistent/folder", geteuid())).value();
    auto record = anna();
    EXPECT_EQ(store.sign(record).error().id(), "signing-key-write");
}

TEST(KeyStore, DoesNotSignWhatCouldNotBeReadBack) {
    const TemporaryFolder state;
    auto store = open_store(state);
    auto record = anna();
    ASSERT_TRUE(record.set("x", std::string((std::size_t{1} << 20) - 100, 'x')).has_value());
    EXPECT_EQ(store.sign(record).error().id(), "record-too-large");
    EXPECT_FALSE(record.get("signature").has_value());
}

TEST(Base64, IsStrict) {
    EXPECT_EQ(from_base64("QUJD"), "ABC");
    EXPECT_EQ(from_base64("QUI="), "AB");
    EXPECT_EQ(from_base64(""), "");
    for (const char* bad : {"QUI", "QUJ=", "QU==", "=", "====", "QUJD\n", " QUJD", "QU-_", "QQ=A"})
        EXPECT_FALSE(from_base64(bad).has_value()) << bad;
    EXPECT_EQ(from_base64(to_base64(std::string("\0\xff\x10", 3))), std::string("\0\xff\x10", 3));
}

}  // namespace
}  // namespace hearth::record
