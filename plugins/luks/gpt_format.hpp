// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What reading and writing a partition table have in common.

namespace hearth::luks::gpt {

inline constexpr std::string_view kSignature = "EFI PART";
inline constexpr std::uint32_t kRevision = 0x00010000;
inline constexpr std::size_t kHeaderSize = 92;
inline constexpr std::size_t kEntrySize = 128;
inline constexpr std::size_t kEntryCount = 128;
inline constexpr std::size_t kNameUnits = 36;
inline constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

/// Places in a header.
namespace at {
inline constexpr std::size_t kRevision = 8;
inline constexpr std::size_t kHeaderSize = 12;
inline constexpr std::size_t kHeaderCrc = 16;
inline constexpr std::size_t kOwnSector = 24;
inline constexpr std::size_t kOtherSector = 32;
inline constexpr std::size_t kFirstUsable = 40;
inline constexpr std::size_t kLastUsable = 48;
inline constexpr std::size_t kDisk = 56;
inline constexpr std::size_t kEntriesSector = 72;
inline constexpr std::size_t kEntryCount = 80;
inline constexpr std::size_t kEntrySize = 84;
inline constexpr std::size_t kEntriesCrc = 88;
}  // namespace at

/// Places in an entry.
namespace entry {
inline constexpr std::size_t kType = 0;
inline constexpr std::size_t kId = 16;
inline constexpr std::size_t kFirst = 32;
inline constexpr std::size_t kLast = 40;
inline constexpr std::size_t kAttributes = 48;
inline constexpr std::size_t kName = 56;
}  // namespace entry

/// The caller has made sure that the number is inside.
template <typename T>
T get(std::span<const std::uint8_t> bytes, std::size_t offset) {
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;)
        value = static_cast<T>(static_cast<T>(value << 8U) | bytes[offset + i]);
    return value;
}

template <typename T>
void put(std::span<std::uint8_t> bytes, std::size_t offset, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i, value = static_cast<T>(value >> 8U))
        bytes[offset + i] = static_cast<std::uint8_t>(value);
}

std::uint32_t crc32(std::span<const std::uint8_t> bytes);

/// The name of an entry, up to its first zero; what is no character becomes a question mark.
std::string name_from_utf16(std::span<const std::uint8_t> bytes);
/// As much of the name as fits.
void name_to_utf16(std::string_view name, std::span<std::uint8_t> out);

}  // namespace hearth::luks::gpt
