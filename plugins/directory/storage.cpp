// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include <hearth/sdk/tree.hpp>

#include <cerrno>
#include <string>

#include "limits.hpp"
#include "plugins/shared/home_folder.hpp"

namespace hearth::directory {

namespace {

constexpr ino_t kSubvolumeRoot = 256;
constexpr std::uint32_t kWarning = 4;

// A folder that another kind of storage makes, and knows better.
bool is_subvolume(int fd, const struct statx& info) {
    struct statfs file_system {};
    return info.stx_ino == kSubvolumeRoot && fstatfs(fd, &file_system) == 0 &&
           static_cast<unsigned long>(file_system.f_type) == BTRFS_SUPER_MAGIC;
}

std::uint32_t uid_of(const sdk::Record& record) {
    return static_cast<std::uint32_t>(record.number("/uid").value_or(0));
}

bool asks_for_limit(const sdk::Record& record) {
    return record.number("/diskSize") || record.number("/diskSizeRelative");
}

// A limit that stays is only a nuisance to whoever gets the number next. `name`: where the home is
// now, if anywhere.
void drop_limit(sdk::Op op, const sdk::Place& place, const char* name, const sdk::Record& record) {
    if (!asks_for_limit(record)) return;
    const auto folder = shared::open_home(place, name);
    const int at = folder ? folder->get() : place.dir;
    if (auto cleared = clear_home_limit(at, uid_of(record)); !cleared)
        op.log(kWarning, "the limit of the home stays: " + cleared.error().text());
}

sdk::Result<void> empty_trash(sdk::Op op, const sdk::Place& place, const sdk::Record& record) {
    drop_limit(op, place, place.trash_name, record);
    sdk::TreeWatch watch;
    // No way back from here, so nobody is asked whether to stop.
    watch.progress = [op](std::uint64_t removed) { op.progress(removed, 0, "removing files"); };
    return sdk::remove_tree(place.dir, place.trash_name, watch);
}

}  // namespace

sdk::Result<void> DirectoryStorage::validate(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(limit, limit_for(place, record));
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

sdk::Result<std::uint32_t> DirectoryStorage::state(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    return shared::state_of(place);
}

sdk::Result<void> DirectoryStorage::usage(sdk::Op op, const sdk::Record& record, int,
                                          hearth_usage& out) {
    // Also of an active home: through its mount the owners look different.
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    return usage_of(place, folder.get(), uid_of(record), out);
}

sdk::Result<void> DirectoryStorage::deactivate(sdk::Op, const sdk::Record&, int, hearth_flags) {
    return sdk::ok();
}

sdk::Result<void> DirectoryStorage::remove(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    if (op.cancelled())
        return sdk::Error(HEARTH_E_CANCELLED, "the removal was cancelled before it began");
    HEARTH_SDK_CHECK(shared::move_to_trash(place));
    return empty_trash(op, place, record);
}

sdk::Result<void> DirectoryStorage::recover(sdk::Op op, const sdk::Record& record,
                                            const hearth_intent& intent, sdk::Session*) {
    HEARTH_SDK_TRY(place, op.place(record));
    switch (intent.verb) {
        case HEARTH_VERB_CREATE:
            if (!shared::exists(place)) drop_limit(op, place, place.temp_name, record);
            return sdk::remove_tree(place.dir, place.temp_name);
        case HEARTH_VERB_REMOVE:
            // Interrupted before it was gone, the home stays.
            return shared::exists(place) ? sdk::ok() : empty_trash(op, place, record);
        case HEARTH_VERB_RESIZE:
            return restore_limit(op, place, record);
        default:
            return sdk::ok();
    }
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectoryStorage::create(sdk::Op op,
                                                                    sdk::WritableRecord record,
                                                                    sdk::Credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(limit, limit_for(place, record));
    return DirectorySession::create(op, place, uid_of(record), limit);
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectoryStorage::unlock_medium(
    sdk::Op op, sdk::WritableRecord record, hearth_flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    return DirectorySession::open(place, uid_of(record));
}

}  // namespace hearth::directory

HEARTH_PLUGIN(hearth::directory::DirectoryStorage);
