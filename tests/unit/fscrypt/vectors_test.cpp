// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/record/value.hpp"
#include "plugins/fscrypt/crypto.hpp"

namespace hearth::fscrypt {
namespace {

struct Vector {
    std::string value;
    std::string password;
    std::string derived;
    std::string volume_key;
    std::uint8_t policy = 0;
    std::string key_name;
};

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += "0123456789abcdef"[byte >> 4U];
        out += "0123456789abcdef"[byte & 15U];
    }
    return out;
}
std::string hex(std::span<const std::byte> bytes) {
    return hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

/// Slots that systemd-homed wrote, with everything that follows from them.
std::vector<Vector> vectors() {
    std::ifstream file(HEARTH_TEST_DATA "/fscrypt/slots.json");
    const std::string json(std::istreambuf_iterator<char>(file), {});
    const auto list = record::Value::parse(json).value();
    std::vector<Vector> out;
    for (const auto& element : *list.array()) {
        const auto& one = *element.object();
        const auto text = [&](const char* key) { return one.get(key).text().value_or(""); };
        const auto policy = static_cast<std::uint8_t>(one.get("policy_version").number().value());
        out.push_back({text("value"), text("password"), text("pbkdf2_output_hex"),
                       text("volume_key_hex"), policy,
                       text("key_descriptor_hex") + text("key_identifier_hex")});
    }
    return out;
}

using Key = std::array<std::byte, kVolumeKeySize>;

TEST(FscryptVectors, AreThere) {
    EXPECT_EQ(vectors().size(), 6U);
}

TEST(FscryptVectors, OpenWithTheirPasswordsToTheirVolumeKeys) {
    for (const Vector& vector : vectors()) {
        const auto slot = parse_slot(vector.value);
        ASSERT_TRUE(slot) << slot.error().text();
        Key derived{};
        Key key{};
        ASSERT_TRUE(derive_key(vector.password, slot->salt, slot->rounds, derived));
        EXPECT_EQ(hex(derived), vector.derived);
        const auto opened = open_slot(*slot, derived, key);
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_TRUE(*opened);
        EXPECT_EQ(hex(key), vector.volume_key);
        if (vector.policy == 1) {
            EXPECT_EQ(hex(*key_descriptor(key)), vector.key_name);
        } else {
            EXPECT_EQ(hex(*key_identifier(key)), vector.key_name);
        }
    }
}

TEST(FscryptVectors, AreWrittenBackAsTheyWere) {
    for (const Vector& vector : vectors())
        EXPECT_EQ(to_text(*parse_slot(vector.value)), vector.value);
}

TEST(FscryptVectors, DoNotOpenWithAnotherKey) {
    for (const Vector& vector : vectors()) {
        const auto slot = parse_slot(vector.value);
        Key derived{};
        Key key{};
        const auto opened = open_slot(*slot, derived, key);
        ASSERT_TRUE(opened);
        // Only the newer format can tell by itself.
        EXPECT_EQ(*opened, slot->format == SlotFormat::v1);
        EXPECT_NE(hex(key), vector.volume_key);
    }
}

}  // namespace
}  // namespace hearth::fscrypt
