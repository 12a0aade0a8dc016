// SPDX-License-Identifier: LGPL-2.1-or-later
#include "settings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

namespace hearth::luks {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargest = std::uint64_t{5} << 40;
/// Table and header around the file system, generously.
constexpr std::uint64_t kOverhead = 18 * kMiB;
constexpr std::uint64_t kWholeShare = UINT32_MAX;

sdk::Error wrong(const std::string& field, const std::string& text) {
    return {HEARTH_E_INVALID_ARGUMENT, field + " " + text};
}

bool is_word(std::string_view text, std::string_view more) {
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [more](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      more.find(c) != std::string_view::npos;
           });
}

/// A word of the record, or the default; says whether it was there.
sdk::Result<bool> take_word(const sdk::Record& record, const char* pointer, std::string& out,
                            std::string_view more) {
    const auto text = record.text(pointer);
    if (!text) return false;
    if (!is_word(*text, more)) return wrong(pointer + 1, "is none that could be meant");
    out = *text;
    return true;
}

sdk::Result<std::optional<Uuid>> take_uuid(const sdk::Record& record, const char* pointer) {
    const auto text = record.text(pointer);
    if (!text) return std::optional<Uuid>();
    const auto uuid = parse_uuid(*text);
    if (!uuid) return wrong(pointer + 1, "is no UUID");
    return uuid;
}

/// It becomes a folder in the image and a name of device-mapper.
sdk::Result<void> take_names(const sdk::Record& record, Settings& out) {
    HEARTH_SDK_TRY(user, record.need_text("/userName"));
    const auto realm = record.text("/realm");
    out.user = user;
    out.label = realm ? out.user + "@" + std::string(*realm) : out.user;
    const bool is_path = out.label.find('/') != std::string::npos ||
                         out.label.find('\0') != std::string::npos || out.label.starts_with(".");
    if (user.empty() || is_path || out.label.size() > 255 || out.user.size() > 100)
        return wrong("userName", "cannot be the name of a folder");
    out.mapping = "home-" + out.user;
    return sdk::ok();
}

sdk::Result<void> take_derivation(const sdk::Record& record, KeyDerivation& out) {
    HEARTH_SDK_TRY(typed, take_word(record, "/luksPbkdfType", out.type, ""));
    static_cast<void>(typed);
    constexpr std::array<std::string_view, 3> kTypes{"argon2id", "argon2i", "pbkdf2"};
    if (std::find(kTypes.begin(), kTypes.end(), out.type) == kTypes.end())
        return wrong("luksPbkdfType", "must be argon2id, argon2i or pbkdf2");
    HEARTH_SDK_TRY(hashed, take_word(record, "/luksPbkdfHashAlgorithm", out.hash, "-_"));
    static_cast<void>(hashed);
    const auto clamp = [](std::uint64_t value, std::uint64_t low, std::uint64_t high) {
        return static_cast<std::uint32_t>(std::clamp(value, low, high));
    };
    if (const auto time = record.number("/luksPbkdfTimeCostUSec"))
        out.time_ms = clamp(*time / 1000, 1, 3'600'000);
    if (const auto memory = record.number("/luksPbkdfMemoryCost"))
        out.memory_kib = clamp(*memory / 1024, 32, 4 * 1024 * 1024);
    if (const auto threads = record.number("/luksPbkdfParallelThreads"))
        out.threads = clamp(*threads, 1, 4);
    if (const auto count = record.number("/luksPbkdfForceIterations"))
        out.iterations = clamp(*count, out.type == "pbkdf2" ? 1000 : 4, UINT32_MAX);
    if (out.type == "pbkdf2") out.memory_kib = out.threads = 0;
    return sdk::ok();
}

sdk::Result<void> take_cipher(const sdk::Record& record, Settings& out) {
    HEARTH_SDK_TRY(cipher, take_word(record, "/luksCipher", out.cipher, "-_"));
    HEARTH_SDK_TRY(mode, take_word(record, "/luksCipherMode", out.mode, "-_:"));
    out.has_cipher = cipher;
    out.has_mode = mode;
    if (const auto size = record.number("/luksVolumeKeySize")) {
        if (*size < 16 || *size > 128) return wrong("luksVolumeKeySize", "must be 16 to 128 bytes");
        out.key_size = static_cast<std::uint32_t>(*size);
        out.has_key_size = true;
    }
    if (const auto size = record.number("/luksSectorSize")) {
        out.sector_size =
            static_cast<std::uint32_t>(std::clamp<std::uint64_t>(std::bit_floor(*size), 512, 4096));
        out.has_sector_size = true;
    }
    return sdk::ok();
}

sdk::Result<void> take_file_system(const sdk::Record& record, Settings& out) {
    HEARTH_SDK_TRY(typed, take_word(record, "/fileSystemType", out.file_system, ""));
    out.has_file_system = typed;
    if (out.file_system != "ext4" && out.file_system != "btrfs" && out.file_system != "xfs")
        return wrong("fileSystemType", "must be ext4, btrfs or xfs");
    out.on_device = record.text("/imagePath").value_or("").starts_with("/dev/");
    out.discard = record.flag("/luksDiscard").value_or(out.on_device);
    const bool by_default = out.on_device ? out.discard : true;
    out.offline_discard = record.flag("/luksOfflineDiscard").value_or(by_default);
    out.extra_mount_options = record.text("/luksExtraMountOptions").value_or("");
    return sdk::ok();
}

std::uint64_t round_down(std::uint64_t value) {
    return value / kMiB * kMiB;
}

std::uint64_t share_of(std::uint64_t whole, std::uint64_t share) {
    const std::uint64_t part = std::min(share, kWholeShare);
    return whole / kWholeShare * part + whole % kWholeShare * part / kWholeShare;
}

}  // namespace

sdk::Result<Settings> settings_of(const sdk::Record& record) {
    Settings out;
    HEARTH_SDK_CHECK(take_names(record, out));
    HEARTH_SDK_CHECK(take_cipher(record, out));
    HEARTH_SDK_CHECK(take_file_system(record, out));
    HEARTH_SDK_CHECK(take_derivation(record, out.derivation));
    HEARTH_SDK_TRY(partition, take_uuid(record, "/partitionUuid"));
    HEARTH_SDK_TRY(volume, take_uuid(record, "/luksUuid"));
    HEARTH_SDK_TRY(file_system, take_uuid(record, "/fileSystemUuid"));
    out.partition_id = partition;
    out.luks_id = volume;
    out.file_system_id = file_system;
    return out;
}

std::uint64_t smallest_size(const std::string& file_system) {
    const std::uint64_t inside = file_system == "xfs" ? 300 : file_system == "btrfs" ? 256 : 32;
    return inside * kMiB + kOverhead;
}

sdk::Result<std::uint64_t> new_size(const sdk::Record& record, const Settings& settings,
                                    std::uint64_t available) {
    const std::uint64_t upper = std::min(round_down(available), kLargest);
    const std::uint64_t least = smallest_size(settings.file_system);
    const auto wanted = record.number("/diskSize");
    std::uint64_t size = upper / 100 * 83;
    if (wanted && *wanted != UINT64_MAX) {
        size = std::min(*wanted, upper);
    } else if (const auto share = record.number("/diskSizeRelative")) {
        size = share_of(upper, *share);
    }
    size = std::max(round_down(size), least);
    if (size <= upper) return size;
    return sdk::Error(HEARTH_E_NO_SPACE, "a home with " + settings.file_system +
                                             " takes at least " + std::to_string(least / kMiB) +
                                             "M, and " + std::to_string(upper / kMiB) +
                                             "M are free");
}

}  // namespace hearth::luks
