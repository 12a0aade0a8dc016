// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/file_quota.hpp"

#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/quota.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace hearth::shared {

namespace {

constexpr std::uint64_t kBlock = 1024;  // what the kernel counts limits in

int quotactl(int fd, unsigned command, int type, std::uint32_t id, void* data) {
    return static_cast<int>(syscall(SYS_quotactl_fd, fd, QCMD(command, type), id, data));
}

int type_of(FileQuota::By by) {
    return by == FileQuota::By::project ? PRJQUOTA : USRQUOTA;
}

// Which counts are kept and held against limits; 0 where there are none at all.
unsigned enforced(int fd) {
    for (const int type : {PRJQUOTA, USRQUOTA}) {
        fs_quota_statv state{};
        state.qs_version = FS_QSTATV_VERSION1;
        if (quotactl(fd, Q_XGETQSTATV, type, 0, &state) == 0) return state.qs_flags;
    }
    return 0;
}

sdk::Error not_counted() {
    return {HEARTH_E_NOT_SUPPORTED,
            "the file system does not count what a user has, so that it cannot keep a home below a "
            "size: mount it with the option prjquota or usrquota, or leave the size out; on btrfs "
            "use --storage=subvolume"};
}

}  // namespace

sdk::Result<FileQuota> FileQuota::find(int fd, std::uint32_t uid) {
    const unsigned on = enforced(fd);
    if ((on & (FS_QUOTA_PDQ_ENFD | FS_QUOTA_UDQ_ENFD)) == 0) return not_counted();
    sdk::UniqueFd own(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!own) return sdk::sys_error(errno, "the folder cannot be opened");
    const By by = (on & FS_QUOTA_PDQ_ENFD) != 0 ? By::project : By::owner;
    return FileQuota(std::move(own), by, uid);
}

sdk::Result<Count> FileQuota::count() const {
    if_dqblk block{};
    if (quotactl(fd_.get(), Q_GETQUOTA, type_of(by_), id_, &block) != 0) {
        if (errno == ENOENT) return Count{};  // nothing was ever counted for this one
        return sdk::sys_error(errno, "the file system does not tell what is used");
    }
    return Count{block.dqb_bhardlimit * kBlock, block.dqb_curspace};
}

sdk::Result<void> FileQuota::set_limit(std::uint64_t bytes) const {
    if_dqblk block{};
    block.dqb_bhardlimit = block.dqb_bsoftlimit = bytes / kBlock;
    block.dqb_valid = QIF_BLIMITS;
    if (quotactl(fd_.get(), Q_SETQUOTA, type_of(by_), id_, &block) == 0) return sdk::ok();
    if (errno == ERANGE)
        return sdk::Error(HEARTH_E_BAD_SIZE, "the file system has no such large limits", ERANGE);
    return sdk::sys_error(errno, "the limit cannot be set");
}

}  // namespace hearth::shared
