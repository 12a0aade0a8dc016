// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file_system_size.hpp"

#include <linux/btrfs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace hearth::luks {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
/// What a file system that has just been shrunk can still take.
constexpr std::uint64_t kSlack = 16 * kMiB;
constexpr std::uint64_t kInode = 256;
constexpr long kXfsMagic = 0x58465342;

/// The kernel has no header for programs that says these.
constexpr unsigned long kExt4Resize = _IOW('f', 16, std::uint64_t);
struct XfsGeometry {
    std::uint32_t block_size, rt_extent, ag_blocks, ags, log_blocks, sector, inode, inode_percent;
    std::uint64_t data_blocks, rt_blocks, rt_extents, log_start;
    std::array<std::uint8_t, 16> id;
    std::uint32_t stripe_unit, stripe_width;
    std::int32_t version;
    std::uint32_t flags, log_sector, rt_sector, dir_block;
};
static_assert(sizeof(XfsGeometry) == 112);
struct XfsGrow {
    std::uint64_t data_blocks;
    std::uint32_t inode_percent;
};
constexpr unsigned long kXfsGeometry = _IOR('X', 100, XfsGeometry);
constexpr unsigned long kXfsGrow = _IOW('X', 110, XfsGrow);

/// Its tables of inodes shrink with it, its journal does not; neither counts as used.
std::uint64_t smallest_ext4(const struct statvfs& info, std::uint64_t volume, std::uint64_t used) {
    const std::uint64_t visible = std::uint64_t{info.f_blocks} * info.f_frsize;
    const std::uint64_t tables = std::min(std::uint64_t{info.f_files} * kInode, volume / 2);
    const std::uint64_t around = volume > visible ? volume - visible : 0;
    const std::uint64_t fixed = used + kSlack + (around > tables ? around - tables : 0);
    const double share = static_cast<double>(tables) / static_cast<double>(volume - tables);
    return fixed + static_cast<std::uint64_t>(static_cast<double>(fixed) * share);
}

sdk::Error refused(int sys_errno) {
    if (sys_errno == ENOSPC)
        return {HEARTH_E_NO_SPACE, "the file system cannot be made as small as that", sys_errno};
    return sdk::sys_error(sys_errno, "the size of the file system cannot be changed");
}

sdk::Result<void> resize_ext4(int root, std::uint64_t volume) {
    struct statfs info {};
    if (fstatfs(root, &info) != 0) return refused(errno);
    const std::uint64_t blocks = volume / static_cast<std::uint64_t>(info.f_bsize);
    if (ioctl(root, kExt4Resize, &blocks) == 0) return sdk::ok();
    if (errno == EINVAL)
        return sdk::Error(HEARTH_E_SHRINK_OFFLINE_ONLY, "ext4 cannot shrink while it is mounted");
    return refused(errno);
}

sdk::Result<void> resize_btrfs(int root, std::uint64_t volume) {
    btrfs_ioctl_vol_args arguments{};
    const std::string text = std::to_string(volume / 4096 * 4096);
    std::memcpy(arguments.name, text.c_str(), text.size());
    return ioctl(root, BTRFS_IOC_RESIZE, &arguments) == 0 ? sdk::ok()
                                                          : sdk::Result<void>(refused(errno));
}

sdk::Result<void> resize_xfs(int root, std::uint64_t volume) {
    XfsGeometry now{};
    if (ioctl(root, kXfsGeometry, &now) != 0) return refused(errno);
    const XfsGrow wanted{volume / now.block_size, now.inode_percent};
    if (wanted.data_blocks == now.data_blocks) return sdk::ok();
    if (wanted.data_blocks < now.data_blocks)
        return sdk::Error(HEARTH_E_CANNOT_SHRINK, "xfs cannot shrink");
    return ioctl(root, kXfsGrow, &wanted) == 0 ? sdk::ok() : sdk::Result<void>(refused(errno));
}

}  // namespace

sdk::Result<FileSystemKind> kind_of(int root) {
    struct statfs info {};
    if (fstatfs(root, &info) != 0)
        return sdk::sys_error(errno, "the file system of the home cannot be looked at");
    const auto magic = static_cast<long>(info.f_type);
    if (magic == EXT4_SUPER_MAGIC) return FileSystemKind::ext4;
    if (magic == static_cast<long>(BTRFS_SUPER_MAGIC)) return FileSystemKind::btrfs;
    if (magic == kXfsMagic) return FileSystemKind::xfs;
    return sdk::Error(HEARTH_E_FSTYPE_UNSUPPORTED, "this file system has no size to be changed");
}

sdk::Result<FileSystemSize> measure_file_system(int root, std::uint64_t volume) {
    HEARTH_SDK_TRY(kind, kind_of(root));
    struct statvfs info {};
    if (fstatvfs(root, &info) != 0)
        return sdk::sys_error(errno, "the file system of the home cannot be looked at");
    FileSystemSize out;
    out.kind = kind;
    out.used = std::uint64_t{info.f_blocks - info.f_bfree} * info.f_frsize;
    out.free = std::uint64_t{info.f_bavail} * info.f_frsize;
    if (kind == FileSystemKind::xfs) out.smallest = volume;
    if (kind == FileSystemKind::btrfs) out.smallest = std::max(out.used + kSlack, 256 * kMiB);
    if (kind == FileSystemKind::ext4)
        out.smallest = std::max(smallest_ext4(info, volume, out.used), 32 * kMiB);
    return out;
}

sdk::Result<void> resize_file_system(int root, FileSystemKind kind, std::uint64_t volume) {
    auto done = kind == FileSystemKind::ext4    ? resize_ext4(root, volume)
                : kind == FileSystemKind::btrfs ? resize_btrfs(root, volume)
                                                : resize_xfs(root, volume);
    if (!done || syncfs(root) == 0) return done;
    return sdk::sys_error(errno, "the file system cannot be put on the disk");
}

}  // namespace hearth::luks
