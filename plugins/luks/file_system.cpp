// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file_system.hpp"

#include <blkid/blkid.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <memory>

namespace hearth::luks {

namespace {

constexpr std::uint32_t kInfo = 6;
constexpr std::array<std::string_view, 3> kTypes{"ext4", "btrfs", "xfs"};
constexpr std::size_t kExt4Label = 16;
constexpr std::size_t kXfsLabel = 12;

/// As many whole characters as fit.
std::string label_of(const std::string& text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

/// The journal is not filled with zeros: what is on a medium before it has a file system is noise
/// under the volume's new key, which nobody takes for something to be done again.
std::vector<std::string> mkfs_ext4(const Settings& settings, const std::string& id) {
    const std::string discard = settings.discard ? "discard" : "nodiscard";
    return {"mkfs.ext4",
            "-q",
            "-F",
            "-L",
            label_of(settings.label, kExt4Label),
            "-U",
            id,
            "-I",
            "256",
            "-O",
            "has_journal",
            "-m",
            "0",
            "-b",
            "4096",
            "-T",
            "default",
            "-E",
            discard + ",lazy_itable_init=1,lazy_journal_init=1,hash_seed=" + id};
}

std::vector<std::string> mkfs_btrfs(const Settings& settings, const std::string& id) {
    std::vector<std::string> out{"mkfs.btrfs", "-q", "-f", "-L", settings.label, "-U", id};
    if (!settings.discard) out.emplace_back("--nodiscard");
    return out;
}

std::vector<std::string> mkfs_xfs(const Settings& settings, const std::string& id) {
    std::vector<std::string> out{"mkfs.xfs",
                                 "-q",
                                 "-f",
                                 "-L",
                                 label_of(settings.label, kXfsLabel),
                                 "-m",
                                 "reflink=1,uuid=" + id};
    if (!settings.discard) out.emplace_back("-K");
    return out;
}

std::vector<std::string> mkfs_command(const Settings& settings, const std::string& id) {
    if (settings.file_system == "btrfs") return mkfs_btrfs(settings, id);
    if (settings.file_system == "xfs") return mkfs_xfs(settings, id);
    return mkfs_ext4(settings, id);
}

struct FreeProbe {
    void operator()(blkid_probe probe) const { blkid_free_probe(probe); }
};
using Probe = std::unique_ptr<std::remove_pointer_t<blkid_probe>, FreeProbe>;

std::string value_of(const Probe& probe, const char* name) {
    const char* data = nullptr;
    if (blkid_probe_lookup_value(probe.get(), name, &data, nullptr) != 0 || data == nullptr)
        return {};
    return data;
}

sdk::Result<FileSystem> probe_device(int device) {
    const Probe probe(blkid_new_probe());
    if (!probe || blkid_probe_set_device(probe.get(), device, 0, 0) != 0)
        return sdk::Error(HEARTH_E_IO, "the decrypted volume cannot be read");
    blkid_probe_enable_superblocks(probe.get(), 1);
    blkid_probe_set_superblocks_flags(probe.get(), BLKID_SUBLKS_TYPE | BLKID_SUBLKS_UUID);
    const int found = blkid_do_safeprobe(probe.get());
    if (found == -2)
        return sdk::Error(HEARTH_E_CORRUPT,
                          "traces of more than one file system are in the volume");
    if (found < 0) return sdk::Error(HEARTH_E_IO, "the decrypted volume cannot be read");
    return FileSystem{value_of(probe, "TYPE"), value_of(probe, "UUID")};
}

/// Loaded, or to be had.
bool is_in_kernel(const std::string& type) {
    std::ifstream list("/proc/filesystems");
    for (std::string word; list >> word;)
        if (word == type) return true;
    utsname kernel{};
    if (uname(&kernel) != 0) return false;
    const std::string module = std::string("/lib/modules/") + kernel.release + "/kernel/fs/" + type;
    return access(module.c_str(), F_OK) == 0;
}

}  // namespace

sdk::Result<void> require_tools(const std::string& type) {
    const std::string program = "mkfs." + type;
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
        if (access((folder + program).c_str(), X_OK) == 0) return sdk::ok();
    return sdk::Error(HEARTH_E_BACKEND_UNAVAILABLE,
                      program +
                          " is not installed; install it, or choose another file system with "
                          "--fs-type=");
}

void choose_file_system(Settings& settings, std::uint64_t size) {
    const std::string better = "btrfs";
    if (settings.has_file_system || size < smallest_size(better)) return;
    if (require_tools(better) && is_in_kernel(better)) settings.file_system = better;
}

sdk::Result<FileSystem> find_file_system(int device, const Settings& settings) {
    HEARTH_SDK_TRY(found, probe_device(device));
    if (std::find(kTypes.begin(), kTypes.end(), found.type) == kTypes.end())
        return sdk::Error(HEARTH_E_FSTYPE_UNSUPPORTED,
                          found.type.empty()
                              ? "the volume holds no file system that is known"
                              : "the volume holds " + found.type + ", which homes are not kept in");
    const auto id = parse_uuid(found.uuid);
    if (settings.file_system_id && id != settings.file_system_id)
        return sdk::Error(HEARTH_E_CORRUPT, "the file system in the volume is " + found.uuid +
                                                ", and not the one of the record");
    return found;
}

sdk::Result<void> make_file_system(sdk::Op op, const std::string& node, const Settings& settings,
                                   const Uuid& id) {
    op.progress(0, 0, "making the file system");
    sdk::Command command;
    command.argv = mkfs_command(settings, to_text(id));
    command.argv.push_back(node);
    return sdk::run_or_fail(op, command);
}

void trim(sdk::Op op, int folder) {
    fstrim_range range{0, UINT64_MAX, 0};
    if (ioctl(folder, FITRIM, &range) == 0) return;
    op.log(kInfo, "the free space of the home could not be given back: " + std::to_string(errno));
}

}  // namespace hearth::luks
