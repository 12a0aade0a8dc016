// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_contents.hpp"

#include <blkid/blkid.h>

#include <algorithm>
#include <memory>

#include "image.hpp"
#include "io.hpp"

namespace hearth::luks {

namespace {

constexpr std::uint64_t kFirst = 4096;  // of a stretch: what says whose it is
constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;

struct FreeProbe {
    void operator()(blkid_probe probe) const { blkid_free_probe(probe); }
};
using Probe = std::unique_ptr<blkid_struct_probe, FreeProbe>;

std::string value_of(const Probe& probe, const char* name) {
    const char* text = nullptr;
    if (blkid_probe_lookup_value(probe.get(), name, &text, nullptr) != 0 || text == nullptr)
        return {};
    return text;
}

sdk::Error holds(const std::string& path, const std::string& what) {
    return {HEARTH_E_HOME_EXISTS,
            path + " is not empty: it holds " + what +
                "; if nobody needs that any more, wipe it first: wipefs --all " + path};
}

std::string name_of(const Probe& probe) {
    const std::string table = value_of(probe, "PTTYPE");
    const std::string type = value_of(probe, "TYPE");
    if (!type.empty()) return type + " (" + value_of(probe, "USAGE") + ")";
    return table.empty() ? "something" : "a partition table (" + table + ")";
}

sdk::Result<void> zero(int device, std::uint64_t begin, std::uint64_t end) {
    const Bytes zeros(std::min(kPiece, end - begin), 0);
    for (std::uint64_t at = begin; at < end; at += zeros.size())
        HEARTH_SDK_CHECK(write_at(
            device, at, std::span(zeros).first(std::min<std::uint64_t>(zeros.size(), end - at))));
    return sync_file(device, "the device");
}

}  // namespace

sdk::Result<void> require_blank(int device, const std::string& path) {
    const Probe probe(blkid_new_probe());
    if (!probe || blkid_probe_set_device(probe.get(), device, 0, 0) != 0)
        return sdk::Error(HEARTH_E_IO, path + " cannot be looked at");
    blkid_probe_enable_superblocks(probe.get(), 1);
    blkid_probe_set_superblocks_flags(
        probe.get(), BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE | BLKID_SUBLKS_BADCSUM);
    blkid_probe_enable_partitions(probe.get(), 1);
    switch (blkid_do_safeprobe(probe.get())) {
        case 1:
            return sdk::ok();
        case 0:
            return holds(path, name_of(probe));
        case -2:
            return holds(path, "several things at once");
        default:
            return sdk::Error(HEARTH_E_IO, "what is on " + path + " cannot be read");
    }
}

sdk::Result<void> wipe(sdk::Op op, int device, const Extent& extent) {
    op.progress(0, 0, "wiping the keys of the home");
    const std::uint64_t first = std::min(kFirst, extent.size);
    HEARTH_SDK_CHECK(zero(device, extent.offset + first, extent.offset + extent.size));
    return zero(device, extent.offset, extent.offset + first);
}

sdk::Result<void> wipe_table(sdk::Op op, int device, const Table& table) {
    HEARTH_SDK_TRY(size, size_of(device));
    const TableBytes bytes = to_bytes(table, size);
    HEARTH_SDK_CHECK(
        wipe(op, device, {bytes.tail_offset, static_cast<std::uint64_t>(bytes.tail.size())}));
    return zero(device, 0, bytes.head.size());
}

}  // namespace hearth::luks
