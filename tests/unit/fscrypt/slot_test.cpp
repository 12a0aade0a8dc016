// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/fscrypt/slot.hpp"

#include <gtest/gtest.h>

#include "plugins/fscrypt/crypto.hpp"

namespace hearth::fscrypt {
namespace {

using Key = std::array<std::byte, kVolumeKeySize>;

Slot sealed(SlotFormat format, const Key& derived, const Key& volume_key) {
    Slot slot;
    slot.format = format;
    slot.rounds = format == SlotFormat::v1 ? kRoundsV1 : kRoundsV2;
    slot.salt.assign(kSaltSize, 7);
    EXPECT_TRUE(seal_slot(slot, derived, volume_key));
    return slot;
}

std::string text_of(SlotFormat format) {
    return to_text(sealed(format, Key{std::byte{1}}, Key{std::byte{2}}));
}

std::string why(std::string_view text) {
    const auto slot = parse_slot(text);
    return slot ? "it was accepted" : slot.error().text();
}

TEST(FscryptSlot, OpensToWhatWasSealed) {
    const Key derived{std::byte{1}};
    const Key volume_key{std::byte{2}, std::byte{3}};
    for (const SlotFormat format : {SlotFormat::v1, SlotFormat::v2}) {
        const auto slot = parse_slot(to_text(sealed(format, derived, volume_key)));
        ASSERT_TRUE(slot) << slot.error().text();
        Key out{};
        const auto opened = open_slot(*slot, derived, out);
        ASSERT_TRUE(opened && *opened);
        EXPECT_EQ(out, volume_key);
    }
}

TEST(FscryptSlot, NeverUsesAnInitialVectorTwice) {
    EXPECT_NE(text_of(SlotFormat::v2), text_of(SlotFormat::v2));
}

TEST(FscryptSlot, RefusesATagThatWasChanged) {
    Slot slot = sealed(SlotFormat::v2, Key{}, Key{});
    slot.tag[3] ^= 1U;
    Key out{};
    const auto opened = open_slot(slot, Key{}, out);
    ASSERT_TRUE(opened);
    EXPECT_FALSE(*opened);
}

TEST(FscryptSlot, IsRefusedWhenItIsCutShortAnywhere) {
    for (const SlotFormat format : {SlotFormat::v1, SlotFormat::v2}) {
        const std::string whole = text_of(format);
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(parse_slot(whole.substr(0, size))) << whole.substr(0, size);
        EXPECT_FALSE(parse_slot(whole + "A"));
        EXPECT_FALSE(parse_slot(whole + ":"));
        EXPECT_FALSE(parse_slot(whole + std::string(1, '\0')));
        EXPECT_FALSE(parse_slot(whole + "\n"));
    }
}

TEST(FscryptSlot, SaysWhatIsWrongWithIt) {
    const std::string v2 = text_of(SlotFormat::v2);
    EXPECT_NE(why("").find("empty"), std::string::npos);
    EXPECT_NE(why("$v3:1:A").find("$v3 is not known"), std::string::npos) << why("$v3:1:A");
    EXPECT_NE(why("$v2:1:A").find("fields"), std::string::npos);
    EXPECT_NE(why(std::string(5000, 'A')).find("too long"), std::string::npos);
    EXPECT_NE(why("AAAA:AAAA").find("ciphertext has 3 bytes"), std::string::npos);
    EXPECT_NE(why("!:AAAA").find("salt is not base64"), std::string::npos);
}

TEST(FscryptSlot, TakesRoundsOnlyAsAPlainNumberInRange) {
    const std::string v2 = text_of(SlotFormat::v2);
    const std::string rest = v2.substr(v2.find(':', 4));
    EXPECT_TRUE(parse_slot("$v2:1" + rest));
    EXPECT_TRUE(parse_slot("$v2:" + std::to_string(kMaxRounds) + rest));
    for (const char* rounds : {"", "0", "01", "-1", "+1", " 1", "1 ", "1.0", "50000001",
                               "99999999999999999999", "2147483647"})
        EXPECT_FALSE(parse_slot(std::string("$v2:") + rounds + rest)) << rounds;
}

TEST(FscryptSlot, HasOneSpellingForItsBytes) {
    EXPECT_TRUE(decode_base64("AA==").has_value());
    for (const char* text :
         {"AB==", "AAB=", "A===", "AA=A", "AA", "AA==AA==", "A A=", "AA-_", "=AAA"})
        EXPECT_FALSE(decode_base64(text).has_value()) << text;
    const Bytes all{0, 1, 2, 250, 251, 252, 253, 254, 255};
    for (std::size_t size = 0; size <= all.size(); ++size) {
        const Bytes part(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(decode_base64(encode_base64(part)), part);
    }
}

}  // namespace
}  // namespace hearth::fscrypt
