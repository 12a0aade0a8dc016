// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cmath>

#include "hosts/homectl/output/fields.hpp"
#include "hosts/homectl/output/format.hpp"
#include "hosts/homectl/output/inspect.hpp"

namespace hearth::homectl {

namespace {

std::optional<std::string> show_bits(const record::Effective& record, std::string_view field) {
    const auto bytes = record.number(field);
    if (!bytes) return std::nullopt;
    return std::to_string(*bytes * 8) + " bits";
}

constexpr std::array kLuks = {
    FieldLine{"LUKS UUID", "luksUuid", show_text},
    FieldLine{"Part UUID", "partitionUuid", show_text},
    FieldLine{"FS UUID", "fileSystemUuid", show_text},
    FieldLine{"File System", "fileSystemType", show_text},
    FieldLine{"LUKS MntOpts", "luksExtraMountOptions", show_text},
    FieldLine{"LUKS Cipher", "luksCipher", show_text},
    FieldLine{"Cipher Mode", "luksCipherMode", show_text},
    FieldLine{"Volume Key", "luksVolumeKeySize", show_bits},
    FieldLine{"PBKDF Type", "luksPbkdfType", show_text},
    FieldLine{"PBKDF Hash", "luksPbkdfHashAlgorithm", show_text},
    FieldLine{"PBKDF Iters", "luksPbkdfForceIterations", show_number},
    FieldLine{"PBKDF Time", "luksPbkdfTimeCostUSec", show_span},
    FieldLine{"PBKDF Bytes", "luksPbkdfMemoryCost", show_size},
    FieldLine{"PBKDF Thread", "luksPbkdfParallelThreads", show_number},
    FieldLine{"Sector Size", "luksSectorSize", show_number},
};

constexpr std::array kCifs = {
    FieldLine{"CIFS Service", "cifsService", show_text},
    FieldLine{"CIFS MntOpts", "cifsExtraMountOptions", show_text},
    FieldLine{"CIFS User", "cifsUserName", show_text},
    FieldLine{"CIFS Domain", "cifsDomain", show_text},
};

std::string discard_text(const record::Effective& record) {
    const bool device = record.text("imagePath").value_or("").starts_with("/dev/");
    const bool online = record.flag("luksDiscard").value_or(device);
    const bool offline = record.flag("luksOfflineDiscard").value_or(device ? online : true);
    return std::string("online=") + (online ? "yes" : "no") +
           " offline=" + (offline ? "yes" : "no");
}

std::string mount_flags(const record::Effective& record) {
    const auto word = [&](std::string_view field, const char* yes, const char* no) {
        return std::string(record.flag(field).value_or(false) ? yes : no);
    };
    return word("mountNoSuid", "nosuid", "suid") + " " + word("mountNoDevices", "nodev", "dev") +
           " " + word("mountNoExecute", "noexec", "exec");
}

constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30;

Colour free_colour(double share, std::uint64_t bytes) {
    if (share <= 0.10 && bytes < kGigabyte) return Colour::red;
    if (share <= 0.25 && bytes < 2 * kGigabyte) return Colour::yellow;
    return Colour::none;
}

std::string with_percent(std::uint64_t bytes, double percent) {
    return format_size(bytes) + " (= " + std::to_string(static_cast<int>(percent)) + "%)";
}

void show_usage(Page& page, const record::Effective& record, double size) {
    if (const auto used = record.number("/status/diskUsage")) {
        const double share = size > 0 ? static_cast<double>(*used) / size : 0;
        page.line("Disk Usage",
                  size > 0 ? with_percent(*used, std::ceil(share * 100)) : format_size(*used));
    }
    if (const auto free = record.number("/status/diskFree")) {
        const double share = size > 0 ? static_cast<double>(*free) / size : 1;
        page.line("Disk Free",
                  size > 0 ? with_percent(*free, std::floor(share * 100)) : format_size(*free),
                  free_colour(share, *free));
    }
}

}  // namespace

void show_medium(Page& page, const Home& home) {
    const record::Effective& record = home.effective;
    const std::string storage = record.text("storage").value_or("");
    if (storage == "luks") {
        page.line("LUKS Discard", discard_text(record));
        show_fields(page, record, kLuks);
    }
    if (storage == "cifs") show_fields(page, record, kCifs);
    page.line("Mount Flags", mount_flags(record));
    page.line_if("Skel. Dir.", record.text("skeletonDirectory"));
}

void show_disk(Page& page, const Home& home) {
    const record::Effective& record = home.effective;
    const auto size = record.number("diskSize");
    if (size)
        page.line("Disk Size", format_size(*size));
    else if (const auto share = record.number("diskSizeRelative"))
        page.line("Disk Size", format_share(*share));
    show_usage(page, record, static_cast<double>(size.value_or(0)));
    page.line_if("Disk Floor", show_size(record, "/status/diskFloor"));
    page.line_if("Disk Ceiling", show_size(record, "/status/diskCeiling"));
}

}  // namespace hearth::homectl
