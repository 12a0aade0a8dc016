// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qgroup.hpp"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "btrfs.hpp"
#include "tree_search.hpp"

namespace hearth::subvolume {

namespace {

constexpr int kPatience = 50;  // ms between two looks

// Places in items, which all begin with a number that is not needed here.
constexpr std::size_t kReferenced = 8;
constexpr std::size_t kLimitFlags = 0;
constexpr std::size_t kMaxReferenced = 8;
constexpr std::size_t kNumber = 8;

sdk::Result<std::optional<TreeItem>> item_of(int fd, std::uint32_t type, std::uint64_t id) {
    auto found = search_tree(fd, BTRFS_QUOTA_TREE_OBJECTID, 0, type, id, id);
    if (!found && found.error().code() == HEARTH_E_NOT_SUPPORTED) return std::optional<TreeItem>();
    if (!found) return std::move(found).error();
    if (found->empty()) return std::optional<TreeItem>();
    return std::optional(std::move(found->front()));
}

}  // namespace

sdk::Result<void> enable_quota(int fd) {
    const sdk::UniqueFd folder(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_quota_ctl_args arguments{};
    arguments.cmd = BTRFS_QUOTA_CTL_ENABLE;
    // Enabled already is as good.
    if (ioctl(folder.get(), BTRFS_IOC_QUOTA_CTL, &arguments) == 0) return sdk::ok();
    if (errno == EROFS) return sdk::sys_error(errno, "the file system is read-only");
    return sdk::Error(HEARTH_E_NOT_SUPPORTED, "btrfs cannot be made to count what homes hold",
                      errno);
}

sdk::Result<void> settle_quota(sdk::Op op, int fd) {
    for (;;) {
        btrfs_ioctl_quota_rescan_args scan{};
        if (ioctl(fd, BTRFS_IOC_QUOTA_RESCAN_STATUS, &scan) != 0)
            return sdk::sys_error(errno, "btrfs does not tell how far it has counted");
        if (scan.flags == 0) break;
        op.progress(0, 0, "counting what is on the file system");
        pollfd wait{op.cancel_fd(), POLLIN, 0};
        if (poll(&wait, 1, kPatience) > 0)
            return sdk::Error(HEARTH_E_CANCELLED, "the counting was cancelled");
    }
    if (syncfs(fd) == 0) return sdk::ok();
    return sdk::sys_error(errno, "the file system cannot be synced");
}

sdk::Result<void> set_limit(int dir, int subvolume, std::uint64_t bytes) {
    HEARTH_SDK_TRY(id, subvolume_id(subvolume));
    const sdk::UniqueFd folder(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_qgroup_limit_args arguments{};
    arguments.qgroupid = id;
    arguments.lim.flags = BTRFS_QGROUP_LIMIT_MAX_RFER;
    arguments.lim.max_rfer = bytes == 0 ? UINT64_MAX : bytes;  // all ones take it away
    if (ioctl(folder.get(), BTRFS_IOC_QGROUP_LIMIT, &arguments) == 0) return sdk::ok();
    if (errno == ENOTCONN)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED, "quota is not enabled on the file system", errno);
    return sdk::sys_error(errno, "the limit cannot be set");
}

sdk::Result<std::optional<shared::Count>> count_of(int subvolume) {
    HEARTH_SDK_TRY(id, subvolume_id(subvolume));
    HEARTH_SDK_TRY(info, item_of(subvolume, BTRFS_QGROUP_INFO_KEY, id));
    if (!info) return std::optional<shared::Count>();
    HEARTH_SDK_TRY(limit, item_of(subvolume, BTRFS_QGROUP_LIMIT_KEY, id));
    shared::Count count;
    count.used = info->number(kReferenced, kNumber);
    const bool limited =
        limit && (limit->number(kLimitFlags, kNumber) & BTRFS_QGROUP_LIMIT_MAX_RFER) != 0;
    if (limited) count.limit = limit->number(kMaxReferenced, kNumber);
    return std::optional(count);
}

void forget_count(int fd, std::uint64_t id) {
    const sdk::UniqueFd folder(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_qgroup_create_args arguments{};
    arguments.create = 0;
    arguments.qgroupid = id;
    static_cast<void>(ioctl(folder.get(), BTRFS_IOC_QGROUP_CREATE, &arguments));
}

}  // namespace hearth::subvolume
