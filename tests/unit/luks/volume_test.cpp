// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/luks/luks_volume.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "host.hpp"
#include "plugins/luks/header_copies.hpp"
#include "plugins/luks/luks_header.hpp"
#include "plugins/luks/new_header.hpp"
#include "plugins/luks/rekey.hpp"
#include "plugins/luks/token.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::luks {
namespace {

using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;
using test::secret_of;

/// A volume on a plain file, with the cheapest keys there are.
struct LuksVolumes : testing::Test {
    test::FakeHost host;
    std::string path = std::filesystem::temp_directory_path() / "hearth-luks-XXXXXX";
    Settings settings;
    sdk::Secret key = secret_of(host, "0123456789abcdefFEDCBA9876543210");
    const Uuid id = *random_uuid();

    void SetUp() override {
        const int file = mkstemp(path.data());
        ASSERT_GE(file, 0);
        ASSERT_EQ(ftruncate(file, 24 << 20), 0);
        close(file);
        settings.label = "somebody";
        settings.derivation.type = "argon2id";
        settings.derivation.memory_kib = 32;
        settings.derivation.iterations = 4;
    }
    void TearDown() override { std::filesystem::remove(path); }

    LuksVolume make() { return *LuksVolume::format(host.op(), path, settings, id, key); }
    LuksVolume open() { return *LuksVolume::open(host.op(), path); }
    int add(LuksVolume& volume, const char* password) {
        const auto word = secret_of(host, password);
        const int slot = *volume.add_slot(settings.derivation, key, word.view());
        EXPECT_TRUE(volume.prove_slot(slot, word.view()));
        return slot;
    }
    hearth_status try_with(std::vector<std::string> passwords) {
        host.passwords = std::move(passwords);
        const auto found = open().find_key(host.op());
        return found ? HEARTH_OK : found.error().code();
    }
};

TEST_F(LuksVolumes, SayWhoTheyAreWithoutTheLibrary) {
    make();
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const ReadAt read = reader_of(file);
    const Extent whole{0, 24 << 20};
    const auto name = read_name(read, whole);
    ASSERT_TRUE(name);
    EXPECT_EQ(name->id, id);
    EXPECT_EQ(name->label, "somebody");
    EXPECT_EQ(name->subsystem, "systemd-home");
    EXPECT_EQ(header_length(read, whole), std::uint64_t{16} << 20);
    // The second header says the same; without both it is nobody's.
    ASSERT_TRUE(write_at(file, 0, Bytes(4096, 0)));
    EXPECT_EQ(read_name(read, whole)->id, id);
    ASSERT_TRUE(write_at(file, 0, Bytes(16 << 20, 0)));
    EXPECT_FALSE(read_name(read, whole));
    EXPECT_EQ(header_length(read, {0, 4096}), 4096U);
    close(file);
}

TEST_F(LuksVolumes, AreLaidOutAsSystemdHomedDoes) {
    LuksVolume volume = make();
    EXPECT_EQ(volume.uuid(), to_text(id));
    EXPECT_EQ(volume.cipher(), "aes");
    EXPECT_EQ(volume.mode(), "xts-plain64");
    EXPECT_EQ(volume.key_size(), 32U);
    EXPECT_EQ(volume.data_offset(), 16U << 20U);
    add(volume, "word");
    const std::string dump = test::data_file("luks/v252-luks2-metadata.json");
    const Json theirs = parse_object(dump);
    EXPECT_EQ(text_member(member(theirs.get(), "config"), "json_size"), "4190208");
    EXPECT_EQ(text_member(member(theirs.get(), "config"), "keyslots_size"), "8388608");
}

TEST_F(LuksVolumes, AreTheSameWhenTheirHeaderIsMadeInMemory) {
    auto header = NewHeader::make();
    ASSERT_TRUE(header);
    auto made = LuksVolume::format(host.op(), header->path(), settings, id, key, path);
    ASSERT_TRUE(made);
    ASSERT_TRUE(header->empty_slots());
    EXPECT_EQ(made->data_offset(), 16U << 20U);
    add(*made, "word");
    ASSERT_TRUE(
        made->set_token(kTokenType, R"({"type":"systemd-homed","keyslots":[],"record":"x"})"));

    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const ReadAt read = reader_of(file);
    const Extent whole{0, 24 << 20};
    EXPECT_EQ(look_at_header(read, whole), HeaderKind::none);
    ASSERT_TRUE(header->write_to(file, 0));
    EXPECT_TRUE(require_both_copies(read, whole));
    EXPECT_EQ(header_length(read, whole), std::uint64_t{16} << 20);
    std::string text(4096, '\0');
    ASSERT_TRUE(read(4096, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    EXPECT_NE(text.find(R"("keyslots_size":"8388608")"), std::string::npos);
    close(file);
    EXPECT_EQ(try_with({"word"}), HEARTH_OK);
    EXPECT_TRUE(open().token(kTokenType));
    EXPECT_EQ(open().data_offset(), made->data_offset());
    EXPECT_EQ(*open().slots(), *made->slots());
}

TEST_F(LuksVolumes, OpenWithEveryOneOfTheirPasswordsAndWithNoOther) {
    LuksVolume volume = make();
    EXPECT_EQ(add(volume, "first"), 0);
    EXPECT_EQ(add(volume, "second"), 1);
    EXPECT_EQ(try_with({"first"}), HEARTH_OK);
    EXPECT_EQ(try_with({"wrong", "second"}), HEARTH_OK);
    EXPECT_EQ(try_with({"third"}), HEARTH_E_BAD_SECRET);
    EXPECT_EQ(try_with({}), HEARTH_E_BAD_SECRET);
}

TEST_F(LuksVolumes, SayWhichSlotOpenedAndGiveTheKey) {
    LuksVolume volume = make();
    add(volume, "first");
    add(volume, "second");
    host.passwords = {"second"};
    auto found = open().find_key(host.op());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->slot, 1);
    EXPECT_EQ(found->key.view().text(), key.view().text());
}

TEST_F(LuksVolumes, WithoutSlotsAreDamagedHomes) {
    make();
    EXPECT_EQ(try_with({"word"}), HEARTH_E_CORRUPT);
}

TEST_F(LuksVolumes, TellTheirSlotsApartByTheirSalts) {
    LuksVolume volume = make();
    add(volume, "first");
    const auto before = volume.slots();
    ASSERT_TRUE(before);
    ASSERT_EQ(before->size(), 1U);
    EXPECT_EQ(before->front().mark.size(), 16U);
    ASSERT_TRUE(volume.drop_slot(0));
    ASSERT_TRUE(volume.drop_slot(0));
    add(volume, "first");
    EXPECT_NE(volume.slots()->front().mark, before->front().mark);
    EXPECT_EQ(*open().slots(), *volume.slots());
}

TEST_F(LuksVolumes, TakeBackTheSlotsOfAChangeThatFails) {
    LuksVolume volume = make();
    add(volume, "first");
    const auto word = secret_of(host, "second");
    const hearth_credential one{sizeof one, HEARTH_CREDENTIAL_PASSWORD, {}, word.view().handle()};
    host.cancel_after = 1;
    const auto failed = add_slots(host.op(), volume, key, settings.derivation,
                                  std::vector<hearth_credential>(3, one), Proof::opened);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), HEARTH_E_CANCELLED);
    host.cancel = sdk::UniqueFd();
    EXPECT_EQ(volume.slots()->size(), 1U);
    EXPECT_EQ(try_with({"first"}), HEARTH_OK);
    EXPECT_EQ(try_with({"second"}), HEARTH_E_BAD_SECRET);
}

TEST_F(LuksVolumes, KeepARecordInTheirHeader) {
    LuksVolume volume = make();
    EXPECT_EQ(volume.token(kTokenType).error().code(), HEARTH_E_CORRUPT);
    for (const char* text : {R"({"type":"systemd-homed","keyslots":[],"record":"AA==","iv":""})",
                             R"({"type":"systemd-homed","keyslots":[],"record":"BB==","iv":""})"}) {
        ASSERT_TRUE(volume.set_token(kTokenType, text));
        const auto back = open().token(kTokenType);
        ASSERT_TRUE(back);
        EXPECT_EQ(text_member(parse_object(*back).get(), "record"),
                  text_member(parse_object(text).get(), "record"));
    }
}

TEST_F(LuksVolumes, AreTheOnesOfTheirRecords) {
    LuksVolume made = make();
    add(made, "word");
    const LuksVolume volume = open();
    settings.luks_id = id;
    settings.has_cipher = settings.has_mode = settings.has_key_size = true;
    const auto same = volume.check(settings);
    EXPECT_TRUE(same) << same.error().text();
    const auto differs = [&](auto change) {
        Settings other = settings;
        change(other);
        const auto checked = volume.check(other);
        return !checked && checked.error().code() == HEARTH_E_CORRUPT;
    };
    EXPECT_TRUE(differs([](Settings& s) { s.luks_id = Uuid{}; }));
    EXPECT_TRUE(differs([](Settings& s) { s.cipher = "serpent"; }));
    EXPECT_TRUE(differs([](Settings& s) { s.mode = "cbc-plain"; }));
    EXPECT_TRUE(differs([](Settings& s) { s.key_size = 64; }));
}

TEST_F(LuksVolumes, AskForNoMoreWorkThanHomesDo) {
    LuksVolume volume = make();
    settings.derivation.type = "pbkdf2";
    settings.derivation.memory_kib = settings.derivation.threads = 0;
    settings.derivation.iterations = 1000;
    add(volume, "word");
    EXPECT_EQ(try_with({"word"}), HEARTH_OK);
}

TEST_F(LuksVolumes, AreRecognizedByEitherOfTheirHeaders) {
    make();
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    const Extent whole{0, 24 << 20};
    EXPECT_EQ(look_at_header(reader_of(file), whole), HeaderKind::luks2);
    const std::vector<std::uint8_t> zeros(4096);
    ASSERT_TRUE(write_at(file, 0, zeros));
    EXPECT_EQ(look_at_header(reader_of(file), whole), HeaderKind::luks2);
    ASSERT_TRUE(write_at(file, 4 << 20, zeros));
    EXPECT_EQ(look_at_header(reader_of(file), whole), HeaderKind::none);
    const std::vector<std::uint8_t> old{'L', 'U', 'K', 'S', 0xBA, 0xBE, 0, 1};
    ASSERT_TRUE(write_at(file, 0, old));
    EXPECT_EQ(look_at_header(reader_of(file), whole), HeaderKind::luks1);
    EXPECT_EQ(require_luks2(reader_of(file), whole).error().code(), HEARTH_E_CORRUPT);
    close(file);
    EXPECT_FALSE(LuksVolume::open(host.op(), path));
}

/// What is said of the copies of a header after one byte at each of these offsets has changed.
std::string said_after(const std::string& path, std::initializer_list<off_t> offsets) {
    const sdk::UniqueFd file(open(path.c_str(), O_RDWR | O_CLOEXEC));
    for (const off_t offset : offsets) {
        unsigned char byte = 0;
        EXPECT_EQ(pread(file.get(), &byte, 1, offset), 1);
        byte ^= 1U;
        EXPECT_EQ(pwrite(file.get(), &byte, 1, offset), 1);
    }
    const auto whole = require_both_copies(reader_of(file.get()), {0, 24U << 20U});
    return whole ? "" : whole.error().text();
}

TEST_F(LuksVolumes, SayWhichCopyOfTheirHeaderIsDamaged) {
    constexpr off_t kSecond = off_t{4} << 20;
    add(*std::make_unique<LuksVolume>(make()), "word");
    EXPECT_EQ(said_after(path, {}), "");
    // The text, the room behind it, and the checksum: each counts.
    for (const off_t place : {off_t{5000}, kSecond - 1, off_t{450}}) {
        EXPECT_NE(said_after(path, {place}).find("the first of the two"), std::string::npos);
        EXPECT_NE(said_after(path, {place + kSecond}).find("both copies"), std::string::npos);
        EXPECT_NE(said_after(path, {place}).find("the second of the two"), std::string::npos);
        EXPECT_EQ(said_after(path, {place + kSecond}), "");
    }
}

}  // namespace
}  // namespace hearth::luks
