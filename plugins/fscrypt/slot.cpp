// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slot.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace hearth::fscrypt {

namespace {

constexpr std::string_view kPrefixV2 = "$v2:";
constexpr std::size_t kMaxSalt = 256;

sdk::Error damaged(const std::string& what) {
    return {HEARTH_E_CORRUPT, "a key slot of the home is damaged: " + what};
}

std::vector<std::string_view> fields_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (true) {
        const auto colon = text.find(':');
        out.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos) return out;
        text.remove_prefix(colon + 1);
    }
}

sdk::Result<Bytes> bytes_of(std::string_view text, const char* name, std::size_t least,
                            std::size_t most) {
    auto bytes = decode_base64(text);
    if (!bytes) return damaged(std::string("its ") + name + " is not base64");
    if (bytes->size() < least || bytes->size() > most)
        return damaged(std::string("its ") + name + " has " + std::to_string(bytes->size()) +
                       " bytes");
    return std::move(*bytes);
}

/// No sign, no leading zero, nothing behind it: one spelling for one number.
sdk::Result<std::uint32_t> rounds_of(std::string_view text) {
    std::uint32_t rounds = 0;
    const auto end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data(), end, rounds);
    if (wrong != std::errc() || stop != end || text.front() == '0')
        return damaged("its number of rounds is none");
    if (rounds > kMaxRounds) return damaged("its number of rounds is larger than any release's");
    return rounds;
}

sdk::Result<Slot> parse_v1(std::string_view text) {
    const auto fields = fields_of(text);
    if (fields.size() != 2) return damaged("it is cut short, or of a format that is not known");
    HEARTH_SDK_TRY(salt, bytes_of(fields[0], "salt", 1, kMaxSalt));
    HEARTH_SDK_TRY(ciphertext, bytes_of(fields[1], "ciphertext", kVolumeKeySize, kVolumeKeySize));
    return Slot{SlotFormat::v1, kRoundsV1, std::move(salt), {}, std::move(ciphertext), {}};
}

sdk::Result<Slot> parse_v2(std::string_view text) {
    const auto fields = fields_of(text.substr(kPrefixV2.size()));
    if (fields.size() != 5)
        return damaged("it has " + std::to_string(fields.size()) + " fields in the place of 5");
    HEARTH_SDK_TRY(rounds, rounds_of(fields[0]));
    HEARTH_SDK_TRY(salt, bytes_of(fields[1], "salt", 1, kMaxSalt));
    HEARTH_SDK_TRY(iv, bytes_of(fields[2], "initial vector", kIvSize, kIvSize));
    HEARTH_SDK_TRY(ciphertext, bytes_of(fields[3], "ciphertext", kVolumeKeySize, kVolumeKeySize));
    HEARTH_SDK_TRY(tag, bytes_of(fields[4], "tag", kTagSize, kTagSize));
    return Slot{SlotFormat::v2,        rounds,        std::move(salt), std::move(iv),
                std::move(ciphertext), std::move(tag)};
}

}  // namespace

sdk::Result<Slot> parse_slot(std::string_view text) {
    if (text.empty()) return damaged("it is empty");
    if (text.size() > kMaxSlotText) return damaged("it is too long");
    if (text.starts_with(kPrefixV2)) return parse_v2(text);
    if (text.front() == '$')
        return damaged("its format " + std::string(text.substr(0, text.find(':')).substr(0, 16)) +
                       " is not known to this release");
    return parse_v1(text);
}

std::string to_text(const Slot& slot) {
    if (slot.format == SlotFormat::v1)
        return encode_base64(slot.salt) + ":" + encode_base64(slot.ciphertext);
    return std::string(kPrefixV2) + std::to_string(slot.rounds) + ":" + encode_base64(slot.salt) +
           ":" + encode_base64(slot.iv) + ":" + encode_base64(slot.ciphertext) + ":" +
           encode_base64(slot.tag);
}

}  // namespace hearth::fscrypt
