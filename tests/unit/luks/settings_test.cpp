// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/luks/settings.hpp"

#include <gtest/gtest.h>

#include "host.hpp"

namespace hearth::luks {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

struct LuksSettings : testing::Test {
    test::FakeHost host;
    void SetUp() override { host.texts["/userName"] = "ann"; }
    Settings read() { return *settings_of(host.record()); }
    bool refuses(const char* pointer, const char* text) {
        host.texts[pointer] = text;
        const auto read = settings_of(host.record());
        host.texts.erase(pointer);
        return !read && read.error().code() == HEARTH_E_INVALID_ARGUMENT;
    }
};

TEST_F(LuksSettings, HaveTheDefaultsOfSystemdHomed) {
    const Settings settings = read();
    EXPECT_EQ(settings.label, "ann");
    EXPECT_EQ(settings.mapping, "home-ann");
    EXPECT_EQ(settings.cipher, "aes");
    EXPECT_EQ(settings.mode, "xts-plain64");
    EXPECT_EQ(settings.key_size, 32U);
    EXPECT_EQ(settings.sector_size, 512U);
    EXPECT_FALSE(settings.discard);
    EXPECT_TRUE(settings.offline_discard);
    EXPECT_EQ(settings.derivation, (KeyDerivation{"argon2id", "sha512", 500, 65536, 1, 0}));
}

TEST_F(LuksSettings, GiveUnusedBlocksOfADeviceBackUnlessToldOtherwise) {
    host.texts["/imagePath"] = "/dev/disk/by-uuid/1";
    EXPECT_TRUE(read().on_device);
    EXPECT_TRUE(read().discard);
    EXPECT_TRUE(read().offline_discard);
    host.flags["/luksDiscard"] = false;
    EXPECT_FALSE(read().discard);
    EXPECT_FALSE(read().offline_discard);
    host.texts["/imagePath"] = "/home/ann.home";
    EXPECT_FALSE(read().on_device);
}

TEST_F(LuksSettings, NameTheRealmInTheLabelAndNotInTheMapping) {
    host.texts["/realm"] = "example.org";
    EXPECT_EQ(read().label, "ann@example.org");
    EXPECT_EQ(read().mapping, "home-ann");
}

TEST_F(LuksSettings, TakeTheKeyDerivationOfTheRecord) {
    host.texts["/luksPbkdfType"] = "argon2i";
    host.texts["/luksPbkdfHashAlgorithm"] = "sha256";
    host.numbers["/luksPbkdfTimeCostUSec"] = 10'000;
    host.numbers["/luksPbkdfMemoryCost"] = 4 * kMiB;
    host.numbers["/luksPbkdfParallelThreads"] = 2;
    host.numbers["/luksPbkdfForceIterations"] = 9;
    EXPECT_EQ(read().derivation, (KeyDerivation{"argon2i", "sha256", 10, 4096, 2, 9}));
    host.texts["/luksPbkdfType"] = "pbkdf2";
    EXPECT_EQ(read().derivation, (KeyDerivation{"pbkdf2", "sha256", 10, 0, 0, 1000}));
}

TEST_F(LuksSettings, RefuseWhatCannotBeMeant) {
    EXPECT_TRUE(refuses("/luksPbkdfType", "scrypt"));
    EXPECT_TRUE(refuses("/fileSystemType", "vfat"));
    EXPECT_TRUE(refuses("/luksCipher", "aes 256"));
    EXPECT_TRUE(refuses("/luksCipherMode", "xts\nplain"));
    EXPECT_TRUE(refuses("/luksUuid", "no-uuid"));
    EXPECT_TRUE(refuses("/userName", "../ann"));
    EXPECT_TRUE(refuses("/userName", ""));
    EXPECT_TRUE(refuses("/realm", "a/b"));
    host.numbers["/luksVolumeKeySize"] = 8;
    EXPECT_FALSE(settings_of(host.record()));
}

TEST_F(LuksSettings, RoundTheSizeOfSectorsToOneThatExists) {
    for (const auto& [asked, given] :
         {std::pair{0, 512}, {511, 512}, {1000, 512}, {4096, 4096}, {9000, 4096}}) {
        host.numbers["/luksSectorSize"] = static_cast<std::uint64_t>(asked);
        EXPECT_EQ(read().sector_size, static_cast<std::uint32_t>(given)) << asked;
    }
}

TEST_F(LuksSettings, KnowUuidsInEverySpelling) {
    for (const char* text :
         {"5C60623B-8D75-4DF7-BE89-97A924A4B03C", "5c60623b8d754df7be8997a924a4b03c"}) {
        host.texts["/luksUuid"] = text;
        EXPECT_EQ(to_text(*read().luks_id), "5c60623b-8d75-4df7-be89-97a924a4b03c");
    }
}

TEST_F(LuksSettings, GiveANewImageItsSize) {
    const Settings settings = read();
    const auto size = [&](std::uint64_t free) {
        const auto found = new_size(host.record(), settings, free);
        return found ? *found : 0;
    };
    EXPECT_EQ(size(100 * kGiB), 83 * kGiB);
    EXPECT_EQ(size(40 * kMiB), 0U);
    host.numbers["/diskSize"] = 300 * kMiB + 5;
    EXPECT_EQ(size(100 * kGiB), 300 * kMiB);
    EXPECT_EQ(size(200 * kMiB), 200 * kMiB);
    host.numbers["/diskSize"] = 1;
    EXPECT_EQ(size(100 * kGiB), smallest_size("ext4"));
    host.numbers.erase("/diskSize");
    host.numbers["/diskSizeRelative"] = UINT32_MAX / 2 + 1;
    EXPECT_EQ(size(100 * kGiB), 50 * kGiB);
}

}  // namespace
}  // namespace hearth::luks
