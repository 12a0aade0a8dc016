// SPDX-License-Identifier: LGPL-2.1-or-later
#include "luks_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "image.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::luks {

namespace {

using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;

using Magic = std::array<std::uint8_t, 6>;
constexpr Magic kFirst{'L', 'U', 'K', 'S', 0xBA, 0xBE};
constexpr Magic kSecond{'S', 'K', 'U', 'L', 0xBA, 0xBE};
constexpr std::uint64_t kBinary = 4096;                          // before the JSON
constexpr std::uint64_t kUsualLength = std::uint64_t{16} << 20;  // of everything before the data
constexpr std::array<std::uint64_t, 9> kSecondPlaces{
    0x004000, 0x008000, 0x010000, 0x020000, 0x040000, 0x080000, 0x100000, 0x200000, 0x400000};

/// Magic and version, which is big-endian; 0: not the magic.
unsigned version_at(const ReadAt& read, const Extent& extent, std::uint64_t offset,
                    const Magic& magic) {
    std::array<std::uint8_t, 8> bytes{};
    if (offset + bytes.size() > extent.size || !read(extent.offset + offset, bytes)) return 0;
    if (!std::equal(magic.begin(), magic.end(), bytes.begin())) return 0;
    return bytes[6] * 256U + bytes[7];
}

/// A field of fixed size, up to its first zero.
std::string text_at(const ReadAt& read, std::uint64_t offset, std::size_t size) {
    std::string out(size, '\0');
    if (!read(offset, {reinterpret_cast<std::uint8_t*>(out.data()), size})) return {};
    return out.substr(0, out.find('\0'));
}

VolumeName name_at(const ReadAt& read, std::uint64_t offset) {
    return {parse_uuid(text_at(read, offset + 168, 40)), text_at(read, offset + 24, 48),
            text_at(read, offset + 208, 48)};
}

/// The text behind the first header; empty if there is none.
std::string json_of(const ReadAt& read, const Extent& extent) {
    std::array<std::uint8_t, 8> size{};
    if (version_at(read, extent, 0, kFirst) != 2 || !read(extent.offset + 8, size)) return {};
    std::uint64_t whole = 0;
    for (const std::uint8_t byte : size) whole = whole << 8U | byte;
    if (whole <= kBinary || whole > kSecondPlaces.back()) return {};
    return text_at(read, extent.offset + kBinary, whole - kBinary);
}

std::uint64_t data_offset_in(const std::string& json) {
    const Json header = parse_object(json);
    json_object* segment = member(member(header.get(), "segments"), "0");
    const auto text = text_member(segment, "offset").value_or("");
    std::uint64_t offset = 0;
    std::from_chars(text.data(), text.data() + text.size(), offset);
    return offset;
}

}  // namespace

std::span<const std::uint64_t> second_header_places() {
    return kSecondPlaces;
}

HeaderKind look_at_header(const ReadAt& read, const Extent& extent) {
    const unsigned version = version_at(read, extent, 0, kFirst);
    if (version == 1) return HeaderKind::luks1;
    if (version == 2) return HeaderKind::luks2;
    for (const std::uint64_t place : second_header_places())
        if (version_at(read, extent, place, kSecond) == 2) return HeaderKind::luks2;
    return HeaderKind::none;
}

std::optional<VolumeName> read_name(const ReadAt& read, const Extent& extent) {
    const bool first = version_at(read, extent, 0, kFirst) == 2;
    if (first) return name_at(read, extent.offset);
    for (const std::uint64_t place : kSecondPlaces)
        if (version_at(read, extent, place, kSecond) == 2)
            return name_at(read, extent.offset + place);
    return std::nullopt;
}

std::uint64_t header_length(const ReadAt& read, const Extent& extent) {
    constexpr std::uint64_t kMost = std::uint64_t{256} << 20;
    const std::uint64_t found = data_offset_in(json_of(read, extent));
    return std::min(std::clamp(found, kUsualLength, kMost), extent.size);
}

sdk::Result<void> require_luks2(const ReadAt& read, const Extent& extent) {
    switch (look_at_header(read, extent)) {
        case HeaderKind::luks2:
            return sdk::ok();
        case HeaderKind::luks1:
            return sdk::Error(
                HEARTH_E_CORRUPT,
                "it is encrypted with LUKS 1, which has no place for a record; convert "
                "a copy of it with cryptsetup convert");
        default:
            return sdk::Error(HEARTH_E_CORRUPT, "there is no encrypted volume (LUKS) in it");
    }
}

sdk::Result<Extent> find_volume(int image, const Settings& settings) {
    const ReadAt read = reader_of(image);
    HEARTH_SDK_TRY(size, size_of(image));
    Extent whole{0, size};
    if (look_at_header(read, whole) != HeaderKind::none && !has_table(read, size)) {
        HEARTH_SDK_CHECK(require_luks2(read, whole));
        return whole;
    }
    HEARTH_SDK_TRY(table, parse_table(read, size));
    HEARTH_SDK_TRY(home, find_home(table, settings.label, settings.partition_id));
    const Extent extent = extent_of(table, home);
    HEARTH_SDK_CHECK(require_luks2(read, extent));
    return extent;
}

}  // namespace hearth::luks
