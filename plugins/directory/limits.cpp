// SPDX-License-Identifier: LGPL-2.1-or-later
#include "limits.hpp"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "plugins/shared/file_quota.hpp"
#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/limit.hpp"

namespace hearth::directory {

namespace {

using shared::FileQuota;

// Whose files are counted: the owner on disk, who is another than the user in a home that came from
// elsewhere; root's folder is a new one.
sdk::Result<FileQuota> quota_of(int folder, std::uint32_t uid) {
    HEARTH_SDK_TRY(quota, FileQuota::find(folder, uid));
    struct stat info {};
    if (fstat(folder, &info) != 0) return sdk::sys_error(errno, "the home cannot be looked at");
    if (quota.by() == FileQuota::By::project || info.st_uid == 0 || info.st_uid == uid)
        return quota;
    if (info.st_uid == HEARTH_OWNER_NOBODY)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED,
                          "the files of the home belong to nobody in particular on disk, so that "
                          "they cannot be counted by their owner: mount the file system with the "
                          "option prjquota");
    return FileQuota::find(folder, info.st_uid);
}

// Until then what is in the home counts for whoever owned the project before, or nobody.
sdk::Result<void> count_files(sdk::Op op, int folder, const FileQuota& quota) {
    return quota.by() == FileQuota::By::project ? shared::assign_project(op, folder, quota.id())
                                                : sdk::ok();
}

bool is_counted(int folder, const FileQuota& quota) {
    if (quota.by() == FileQuota::By::owner) return true;
    fsxattr attributes{};
    return ioctl(folder, FS_IOC_FSGETXATTR, &attributes) == 0 &&
           attributes.fsx_projid == quota.id();
}

bool is_unsupported(const sdk::Error& error) {
    return error.code() == HEARTH_E_NOT_SUPPORTED;
}

}  // namespace

sdk::Result<std::optional<std::uint64_t>> limit_for(const sdk::Place& place,
                                                    const sdk::Record& record) {
    HEARTH_SDK_TRY(around, shared::capacity_of(place.dir));
    HEARTH_SDK_TRY(limit, shared::wanted_limit(record, around.size));
    if (!limit) return limit;
    HEARTH_SDK_TRY(quota, FileQuota::find(place.dir, 0));
    static_cast<void>(quota);
    return limit;
}

sdk::Result<void> set_home_limit(sdk::Op op, int folder, std::uint32_t uid, std::uint64_t bytes) {
    HEARTH_SDK_TRY(quota, quota_of(folder, uid));
    HEARTH_SDK_CHECK(count_files(op, folder, quota));
    return quota.set_limit(bytes);
}

sdk::Result<void> clear_home_limit(int fd, std::uint32_t uid) {
    auto quota = quota_of(fd, uid);
    if (!quota) return is_unsupported(quota.error()) ? sdk::ok() : std::move(quota).error();
    return quota->set_limit(0);
}

sdk::Result<void> resize_home(sdk::Op op, const sdk::Place& place, int folder, std::uint32_t uid,
                              std::uint64_t bytes, hearth_flags flags, std::uint64_t& actual) {
    HEARTH_SDK_TRY(quota, quota_of(folder, uid));
    HEARTH_SDK_CHECK(count_files(op, folder, quota));
    HEARTH_SDK_TRY(count, quota.count());
    HEARTH_SDK_TRY(around, shared::capacity_around(place.dir, folder));
    actual = count.limit == 0 ? around.size : count.limit;
    HEARTH_SDK_TRY(chosen, shared::choose_limit(count, around, bytes, flags));
    if (!chosen) return sdk::ok();
    HEARTH_SDK_CHECK(quota.set_limit(*chosen));
    actual = *chosen;
    return sdk::ok();
}

sdk::Result<void> usage_of(const sdk::Place& place, int folder, std::uint32_t uid,
                           hearth_usage& out) {
    HEARTH_SDK_TRY(around, shared::capacity_around(place.dir, folder));
    shared::put_usage(around, out);
    const auto quota = quota_of(folder, uid);
    if (!quota && is_unsupported(quota.error())) return sdk::ok();
    if (!quota) return quota.error();
    // What the home itself takes only a walk through it would tell.
    if (!is_counted(folder, *quota)) return sdk::ok();
    HEARTH_SDK_TRY(count, quota->count());
    shared::put_usage(count, around, out);
    return sdk::ok();
}

sdk::Result<void> restore_limit(sdk::Op op, const sdk::Place& place, const sdk::Record& record) {
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    const auto uid = static_cast<std::uint32_t>(record.number("/uid").value_or(0));
    const auto limit = limit_for(place, record);
    if (!limit && is_unsupported(limit.error())) return sdk::ok();
    if (limit && *limit) return set_home_limit(op, folder.get(), uid, **limit);
    const auto quota = quota_of(folder.get(), uid);
    return quota ? quota->set_limit(0) : sdk::ok();
}

}  // namespace hearth::directory
