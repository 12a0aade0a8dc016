// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <cerrno>

#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/home_limit.hpp"

namespace hearth::directory {

namespace {

constexpr ino_t kSubvolumeRoot = 256;

// A folder that another kind of storage makes, and knows better.
bool is_subvolume(int fd, const struct statx& info) {
    struct statfs file_system {};
    return info.stx_ino == kSubvolumeRoot && fstatfs(fd, &file_system) == 0 &&
           static_cast<unsigned long>(file_system.f_type) == BTRFS_SUPER_MAGIC;
}

}  // namespace

sdk::Result<void> DirectoryStorage::validate(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(limit, shared::limit_for(place, record));
    static_cast<void>(limit);
    return sdk::ok();
}

sdk::Result<void> DirectoryStorage::probe(sdk::Op, int fd, hearth_probe& out) {
    struct statx info {};
    if (statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, &info) != 0)
        return sdk::sys_error(errno, "the folder cannot be looked at");
    if (!S_ISDIR(info.stx_mode) || (info.stx_attributes & STATX_ATTR_ENCRYPTED) != 0)
        return sdk::ok();
    const shared::Looks looks = shared::look_at(fd, out);
    if (!looks.named && !looks.has_identity) return sdk::ok();
    out.certainty =
        looks.has_identity && !is_subvolume(fd, info) ? HEARTH_PROBE_CERTAIN : HEARTH_PROBE_MAYBE;
    return sdk::ok();
}

sdk::Result<void> DirectoryStorage::usage(sdk::Op op, const sdk::Record& record, int,
                                          hearth_usage& out) {
    // Also of an active home: through its mount the owners look different.
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    return shared::usage_of(place, folder.get(), shared::uid_of(record), out);
}

sdk::Result<void> DirectoryStorage::erase(sdk::Op op, const sdk::Place& place, const char* name,
                                          const sdk::Record& record) {
    shared::drop_home_limit(op, place, name, record);
    return shared::remove_folder(op, place.dir, name);
}

sdk::Result<void> DirectoryStorage::recover_change(sdk::Op op, const sdk::Place& place,
                                                   const sdk::Record& record,
                                                   const hearth_intent& intent, bool) {
    return intent.verb == HEARTH_VERB_RESIZE ? shared::restore_limit(op, place, record) : sdk::ok();
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectoryStorage::create(sdk::Op op,
                                                                    sdk::WritableRecord record,
                                                                    sdk::Credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(limit, shared::limit_for(place, record));
    return DirectorySession::create(op, place, shared::uid_of(record), limit);
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectoryStorage::unlock_medium(
    sdk::Op op, sdk::WritableRecord record, hearth_flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    return DirectorySession::open(place, shared::uid_of(record));
}

}  // namespace hearth::directory

HEARTH_PLUGIN(hearth::directory::DirectoryStorage);
