// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/services.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <hearth/plugin.h>
#include <sys/eventfd.h>

#include <cstring>

#include "core/plugin/secret_handle.hpp"
#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

template <typename Table>
const Table& service(const char* id) {
    const auto* table = host_table(HEARTH_ROLE_WORKER, "test").query(id);
    EXPECT_NE(table, nullptr) << id;
    return *static_cast<const Table*>(table);
}

secret::Secret secret_of(std::string_view text) {
    return std::move(*secret::Secret::copy_of(text));
}

class Services : public testing::Test {
  protected:
    Services() {
        op.plugin_id = "org.example.test";
        op.on_log = [this](int, std::string_view text) { log += std::string(text) + "\n"; };
    }
    const hearth_host& host = host_table(HEARTH_ROLE_WORKER, "test");
    OperationContext op;
    record::UserRecord record = test::make_record();
    RecordView view{record, test::kMachine};
    std::string log;
};

TEST_F(Services, HaveFullTablesOfThisAbi) {
    EXPECT_EQ(host.abi_major, HEARTH_ABI_MAJOR);
    EXPECT_EQ(host.abi_minor, HEARTH_ABI_MINOR);
    EXPECT_EQ(host.struct_size, sizeof(hearth_host));
    EXPECT_EQ(host.query("hearth.host.unknown/0"), nullptr);
    EXPECT_EQ(host.query(nullptr), nullptr);
    for (const auto* id : {HEARTH_HOST_RECORD, HEARTH_HOST_SECRETS, HEARTH_HOST_PLACE,
                           HEARTH_HOST_RUN, HEARTH_HOST_KEYRING, HEARTH_HOST_STATE})
        EXPECT_NE(host.query(id), nullptr) << id;
}

TEST_F(Services, LogExplanationsWithThePluginsName) {
    EXPECT_EQ(host.fail(op.handle(), HEARTH_E_IO, EIO, "the disk is gone"), HEARTH_E_IO);
    EXPECT_NE(log.find("org.example.test: the disk is gone"), std::string::npos) << log;
    EXPECT_NE(op.last_failure.find("the disk is gone"), std::string::npos);
}

TEST_F(Services, PassOnNotesAndRefuseLongOnes) {
    std::string saved;
    op.save_note = [&](std::string_view note) {
        saved = note;
        return ok();
    };
    const hearth_bytes note{"abc", 3};
    EXPECT_EQ(host.note(op.handle(), &note), HEARTH_OK);
    EXPECT_EQ(saved, "abc");
    const std::string long_text(4097, 'x');
    const hearth_bytes too_long{long_text.data(), long_text.size()};
    EXPECT_EQ(host.note(op.handle(), &too_long), HEARTH_E_INVALID_ARGUMENT);
    EXPECT_EQ(host.note(op.handle(), nullptr), HEARTH_E_INVALID_ARGUMENT);
}

TEST_F(Services, HideCancellationWhileItIsCritical) {
    const UniqueFd event(::eventfd(1, EFD_CLOEXEC));
    op.cancel_fd = event.get();
    EXPECT_TRUE(op.cancelled());
    host.critical(op.handle(), 1);
    EXPECT_FALSE(op.cancelled());
    host.critical(op.handle(), 0);
    EXPECT_TRUE(op.cancelled());
    EXPECT_EQ(host.cancel_fd(op.handle()), event.get());
}

TEST_F(Services, ReadTheRecord) {
    const auto& table = service<hearth_host_record>(HEARTH_HOST_RECORD);
    hearth_bytes text{};
    ASSERT_EQ(table.get_str(view.handle(), "/userName", &text), HEARTH_OK);
    EXPECT_STREQ(static_cast<const char*>(text.ptr), "anna") << "NUL-terminated";
    EXPECT_EQ(text.len, 4U);
    std::uint64_t number = 0;
    ASSERT_EQ(table.get_u64(view.handle(), "/diskSize", &number), HEARTH_OK);
    EXPECT_EQ(number, 1048576U);
    std::uint32_t flag = 0;
    ASSERT_EQ(table.get_bool(view.handle(), "/luksDiscard", &flag), HEARTH_OK);
    EXPECT_EQ(flag, 1U);
    ASSERT_EQ(table.get_json(view.handle(), "/userName", &text), HEARTH_OK);
    EXPECT_EQ(std::string(static_cast<const char*>(text.ptr), text.len), "\"anna\"");
}

TEST_F(Services, TellMissingAndOtherValuesApart) {
    const auto& table = service<hearth_host_record>(HEARTH_HOST_RECORD);
    hearth_bytes text{};
    std::uint64_t number = 0;
    EXPECT_EQ(table.get_str(view.handle(), "/luksCipher", &text), HEARTH_E_NOT_SUPPORTED);
    EXPECT_EQ(table.get_u64(view.handle(), "/userName", &number), HEARTH_E_INVALID_ARGUMENT);
    EXPECT_EQ(table.get_str(view.handle(), "userName", &text), HEARTH_E_INVALID_ARGUMENT);
    EXPECT_EQ(table.get_str(view.handle(), nullptr, &text), HEARTH_E_INVALID_ARGUMENT);
}

TEST_F(Services, NeverShowTheSecretSection) {
    const auto& table = service<hearth_host_record>(HEARTH_HOST_RECORD);
    hearth_bytes text{};
    for (const auto* pointer : {"/secret", "/secret/password", "/secret/password/0"})
        EXPECT_NE(table.get_json(view.handle(), pointer, &text), HEARTH_OK) << pointer;
}

TEST_F(Services, PatchOnlyThisMachinesBinding) {
    const auto& table = service<hearth_host_record>(HEARTH_HOST_RECORD);
    ASSERT_EQ(table.patch(view.handle(), "/binding/luksUuid", "\"abc\""), HEARTH_OK);
    EXPECT_EQ(record.binding(test::kMachine.id, "luksUuid")->text(), "abc");
    hearth_bytes text{};
    ASSERT_EQ(table.get_str(view.handle(), "/binding/luksUuid", &text), HEARTH_OK);
    EXPECT_EQ(text.len, 3U);
    ASSERT_EQ(table.patch(view.handle(), "/binding/luksUuid", nullptr), HEARTH_OK);
    EXPECT_FALSE(record.binding(test::kMachine.id, "luksUuid"));
    for (const auto* pointer :
         {"/userName", "/privileged/x", "/binding", "/binding/", "/binding/a/b", "/binding/a~1b"})
        EXPECT_EQ(table.patch(view.handle(), pointer, "1"), HEARTH_E_PERMISSION) << pointer;
    EXPECT_EQ(table.patch(view.handle(), "/binding/x", "{"), HEARTH_E_INVALID_ARGUMENT);
}

TEST_F(Services, LendSecretsAndHidePins) {
    const auto& table = service<hearth_host_secrets>(HEARTH_HOST_SECRETS);
    secret::Secrets secrets;
    secrets.passwords.push_back(secret_of("first"));
    secrets.passwords.push_back(secret_of("second"));
    secrets.pins.push_back(secret_of("1234"));
    secrets.permissions = HEARTH_PERMIT_USER_PRESENCE;
    op.secrets = &secrets;
    ASSERT_EQ(table.count(op.handle(), HEARTH_SECRET_PASSWORD), 2U);
    std::size_t size = 0;
    const auto* second = table.at(op.handle(), HEARTH_SECRET_PASSWORD, 1);
    EXPECT_EQ(std::memcmp(table.data(second, &size), "second", 6), 0);
    EXPECT_EQ(size, 6U);
    EXPECT_EQ(table.at(op.handle(), HEARTH_SECRET_PASSWORD, 2), nullptr);
    EXPECT_EQ(table.count(op.handle(), HEARTH_SECRET_PIN), 0U);
    EXPECT_EQ(table.at(op.handle(), HEARTH_SECRET_PIN, 0), nullptr);
    op.pins_visible = true;
    EXPECT_EQ(table.count(op.handle(), HEARTH_SECRET_PIN), 1U);
    EXPECT_EQ(table.permissions(op.handle()), HEARTH_PERMIT_USER_PRESENCE);
    EXPECT_EQ(table.count(op.handle(), 99), 0U);
}

TEST_F(Services, MakeAndReleaseSecrets) {
    const auto& table = service<hearth_host_secrets>(HEARTH_HOST_SECRETS);
    auto* made = table.create(op.handle(), 32);
    ASSERT_NE(made, nullptr);
    std::size_t size = 0;
    std::memset(table.data(made, &size), 7, 32);
    EXPECT_EQ(size, 32U);
    table.release(made);
    table.release(nullptr);
    EXPECT_EQ(table.create(op.handle(), SIZE_MAX), nullptr);
    op.volume_key = nullptr;
    EXPECT_EQ(table.count(op.handle(), HEARTH_SECRET_VOLUME_KEY), 0U);
    const auto key = secret_of("key");
    op.volume_key = &key;
    EXPECT_EQ(from_handle(table.at(op.handle(), HEARTH_SECRET_VOLUME_KEY, 0)), &key);
}

TEST_F(Services, KeepPlacesUntilTheOperationEnds) {
    const auto& table = service<hearth_host_place>(HEARTH_HOST_PLACE);
    hearth_place place{};
    place.struct_size = sizeof place;
    EXPECT_EQ(table.of(op.handle(), view.handle(), &place), HEARTH_E_NOT_SUPPORTED);
    op.place_of = [](const record::UserRecord& asked) -> Result<Place> {
        return Place{UniqueFd(::open("/", O_PATH | O_CLOEXEC)), asked.user_name() + ".img", ".temp",
                     ".trash"};
    };
    ASSERT_EQ(table.of(op.handle(), view.handle(), &place), HEARTH_OK);
    hearth_place again = place;
    ASSERT_EQ(table.of(op.handle(), view.handle(), &again), HEARTH_OK);
    EXPECT_STREQ(place.name, "anna.img");
    EXPECT_STREQ(place.trash_name, ".trash");
    EXPECT_GE(place.dir_fd, 0);
    op.place_of = [](const record::UserRecord&) -> Result<Place> {
        return Error(Code::permission, "place-unsafe", "The folder is not safe.");
    };
    EXPECT_EQ(table.of(op.handle(), view.handle(), &place), HEARTH_E_PERMISSION);
    EXPECT_NE(log.find("not safe"), std::string::npos);
}

TEST_F(Services, StoreSmallThingsPerPlugin) {
    HEARTH_NEED_ROOT();
    const test::TrustedFolder folder;
    const UniqueFd dir(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    op.state_dir = dir.get();
    const auto& table = service<hearth_host_state>(HEARTH_HOST_STATE);
    const auto append = [](void* text, const hearth_bytes* bytes) -> hearth_status {
        static_cast<std::string*>(text)->assign(static_cast<const char*>(bytes->ptr), bytes->len);
        return HEARTH_OK;
    };
    std::string text;
    EXPECT_EQ(table.get(op.handle(), "key-1", append, &text), HEARTH_E_NOT_SUPPORTED);
    const hearth_bytes value{"value", 5};
    ASSERT_EQ(table.put(op.handle(), "key-1", &value), HEARTH_OK) << log;
    ASSERT_EQ(table.get(op.handle(), "key-1", append, &text), HEARTH_OK);
    EXPECT_EQ(text, "value");
    op.plugin_id = "org.example.other";
    EXPECT_EQ(table.get(op.handle(), "key-1", append, &text), HEARTH_E_NOT_SUPPORTED);
    op.plugin_id = "org.example.test";
    ASSERT_EQ(table.put(op.handle(), "key-1", nullptr), HEARTH_OK);
    EXPECT_EQ(table.get(op.handle(), "key-1", append, &text), HEARTH_E_NOT_SUPPORTED);
    for (const auto* key : {"", "..", "a/b", "A"})
        EXPECT_EQ(table.put(op.handle(), key, &value), HEARTH_E_INVALID_ARGUMENT) << key;
}

TEST_F(Services, KeepKeysInTheThreadKeyring) {
    const auto& table = service<hearth_host_keyring>(HEARTH_HOST_KEYRING);
    const auto payload = secret_of("key bytes");
    const auto added =
        table.add(op.handle(), HEARTH_KEYRING_THREAD, "user", "hearth:test", to_handle(&payload));
    if (added == HEARTH_E_NOT_SUPPORTED || added == HEARTH_E_PERMISSION)
        GTEST_SKIP() << "this kernel, or the sandbox around the test, has no keyrings: " << log;
    ASSERT_EQ(added, HEARTH_OK) << log;
    hearth_secret* read = nullptr;
    ASSERT_EQ(table.read(op.handle(), HEARTH_KEYRING_THREAD, "hearth:test", &read), HEARTH_OK);
    EXPECT_EQ(adopt(read)->view(), "key bytes");
    EXPECT_EQ(table.unlink(op.handle(), HEARTH_KEYRING_THREAD, "user", "hearth:test"), HEARTH_OK);
    EXPECT_EQ(table.unlink(op.handle(), HEARTH_KEYRING_THREAD, "user", "hearth:test"), HEARTH_OK);
    EXPECT_EQ(table.read(op.handle(), HEARTH_KEYRING_THREAD, "hearth:test", &read),
              HEARTH_E_NOT_SUPPORTED);
    EXPECT_EQ(table.add(op.handle(), HEARTH_KEYRING_HOME_USER, "user", "x", to_handle(&payload)),
              HEARTH_E_NOT_SUPPORTED)
        << "nobody said whose home it is";
}

TEST_F(Services, ReachTheKeyringOfTheHomesOwner) {
    HEARTH_NEED_ROOT();
    op.home_uid = 61234;
    op.home_gid = 61234;
    const auto& table = service<hearth_host_keyring>(HEARTH_HOST_KEYRING);
    const auto payload = secret_of("key bytes");
    const auto added = table.add(op.handle(), HEARTH_KEYRING_HOME_USER, "user", "hearth:test",
                                 to_handle(&payload));
    if (added == HEARTH_E_NOT_SUPPORTED || added == HEARTH_E_PERMISSION)
        GTEST_SKIP() << "this kernel, or the sandbox around the test, has no keyrings: " << log;
    ASSERT_EQ(added, HEARTH_OK) << log;
    EXPECT_EQ(::geteuid(), 0U) << "only the thread changes its ids";
    hearth_secret* read = nullptr;
    EXPECT_EQ(table.read(op.handle(), HEARTH_KEYRING_THREAD, "hearth:test", &read),
              HEARTH_E_NOT_SUPPORTED);
    ASSERT_EQ(table.read(op.handle(), HEARTH_KEYRING_HOME_USER, "hearth:test", &read), HEARTH_OK)
        << log;
    EXPECT_EQ(adopt(read)->view(), "key bytes");
    EXPECT_EQ(table.unlink(op.handle(), HEARTH_KEYRING_HOME_USER, "user", "hearth:test"),
              HEARTH_OK);
}

}  // namespace
}  // namespace hearth::plugin
