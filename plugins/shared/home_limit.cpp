// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/home_limit.hpp"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "plugins/shared/file_quota.hpp"
#include "plugins/shared/folder_storage.hpp"
#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/limit.hpp"

namespace hearth::shared {

namespace {

constexpr std::uint32_t kWarning = 4;

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
    return quota.by() == FileQuota::By::project ? assign_project(op, folder, quota.id())
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
    HEARTH_SDK_TRY(around, capacity_of(place.dir));
    HEARTH_SDK_TRY(limit, wanted_limit(record, around.size));
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

void drop_home_limit(sdk::Op op, const sdk::Place& place, const char* name, std::uint32_t uid) {
    const auto folder = open_home(place, name);
    if (!folder) return;  // the limit went before the folder did
    const auto quota = quota_of(folder->get(), uid);
    if (!quota && is_unsupported(quota.error())) return;
    const auto cleared = quota ? quota->set_limit(0) : sdk::Result<void>(quota.error());
    if (!cleared) op.log(kWarning, "the limit of the home stays: " + cleared.error().text());
}

void drop_home_limit(sdk::Op op, const sdk::Place& place, const char* name,
                     const sdk::Record& record) {
    if (record.number("/diskSize") || record.number("/diskSizeRelative"))
        drop_home_limit(op, place, name, uid_of(record));
}

sdk::Result<void> resize_home(sdk::Op op, const sdk::Place& place, int folder, std::uint32_t uid,
                              std::uint64_t bytes, hearth_flags flags, std::uint64_t& actual) {
    HEARTH_SDK_TRY(quota, quota_of(folder, uid));
    HEARTH_SDK_CHECK(count_files(op, folder, quota));
    HEARTH_SDK_TRY(count, quota.count());
    HEARTH_SDK_TRY(around, capacity_around(place.dir, folder));
    actual = count.limit == 0 ? around.size : count.limit;
    HEARTH_SDK_TRY(chosen, choose_limit(count, around, bytes, flags));
    if (!chosen) return sdk::ok();
    HEARTH_SDK_CHECK(quota.set_limit(*chosen));
    actual = *chosen;
    return sdk::ok();
}

sdk::Result<void> usage_of(const sdk::Place& place, int folder, std::uint32_t uid,
                           hearth_usage& out) {
    HEARTH_SDK_TRY(around, capacity_around(place.dir, folder));
    put_usage(around, out);
    const auto quota = quota_of(folder, uid);
    if (!quota && is_unsupported(quota.error())) return sdk::ok();
    if (!quota) return quota.error();
    // What the home itself takes only a walk through it would tell.
    if (!is_counted(folder, *quota)) return sdk::ok();
    HEARTH_SDK_TRY(count, quota->count());
    put_usage(count, around, out);
    return sdk::ok();
}

sdk::Result<void> restore_limit(sdk::Op op, const sdk::Place& place, const sdk::Record& record) {
    HEARTH_SDK_TRY(folder, open_home(place, place.name));
    const std::uint32_t uid = uid_of(record);
    const auto limit = limit_for(place, record);
    if (!limit && is_unsupported(limit.error())) return sdk::ok();
    if (limit && *limit) return set_home_limit(op, folder.get(), uid, **limit);
    const auto quota = quota_of(folder.get(), uid);
    return quota ? quota->set_limit(0) : sdk::ok();
}

}  // namespace hearth::shared
