// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string>
#include <string_view>

namespace hearth::directory {

namespace {

constexpr std::string_view kSuffix = ".homedir";
constexpr ino_t kSubvolumeRoot = 256;

// The last name of the path that the kernel knows an open file by; empty if it has none.
std::string name_of(int fd) {
    std::array<char, PATH_MAX> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t length = readlink(link.c_str(), path.data(), path.size());
    if (length <= 0) return {};
    const std::string_view text(path.data(), static_cast<std::size_t>(length));
    return std::string(text.substr(text.rfind('/') + 1));
}

bool has_identity(int fd) {
    struct stat info {};
    return fstatat(fd, ".identity", &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode);
}

// A folder that another kind of storage makes, and knows better.
bool is_subvolume(int fd, const struct statx& info) {
    struct statfs file_system {};
    return info.stx_ino == kSubvolumeRoot && fstatfs(fd, &file_system) == 0 &&
           static_cast<unsigned long>(file_system.f_type) == BTRFS_SUPER_MAGIC;
}

template <std::size_t N>
void put(char (&field)[N], std::string_view text) {
    if (text.size() < N) field[text.copy(field, N - 1)] = '\0';
}

// "ann.homedir", "ann@example.com.homedir"
void put_user(hearth_probe& out, std::string_view name) {
    name.remove_suffix(kSuffix.size());
    const std::size_t at = name.find('@');
    put(out.user, name.substr(0, at));
    if (at != std::string_view::npos) put(out.realm, name.substr(at + 1));
}

// Out of its place in one step, so that no half-deleted home is ever found under its name.
sdk::Result<void> move_to_trash(const sdk::Place& place) {
    if (renameat2(place.dir, place.name, place.dir, place.trash_name, RENAME_NOREPLACE) == 0)
        return sync_folder(place.dir, "the folder of the home");
    if (errno == ENOENT)
        return sdk::Error(HEARTH_E_HOME_ABSENT, std::string(place.name) + " does not exist",
                          ENOENT);
    return sdk::sys_error(errno, std::string(place.name) + " cannot be moved away");
}

sdk::Result<void> empty_trash(sdk::Op op, const sdk::Place& place) {
    sdk::TreeWatch watch;
    // No way back from here, so nobody is asked whether to stop.
    watch.progress = [op](std::uint64_t removed) { op.progress(removed, 0, "removing files"); };
    return sdk::remove_tree(place.dir, place.trash_name, watch);
}

}  // namespace

sdk::Result<void> DirectoryStorage::validate(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    static_cast<void>(place);
    return sdk::ok();
}

sdk::Result<void> DirectoryStorage::probe(sdk::Op, int fd, hearth_probe& out) {
    struct statx info {};
    if (statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO, &info) != 0)
        return sdk::sys_error(errno, "the folder cannot be looked at");
    if (!S_ISDIR(info.stx_mode) || (info.stx_attributes & STATX_ATTR_ENCRYPTED) != 0)
        return sdk::ok();
    const std::string name = name_of(fd);
    const bool named = name.size() > kSuffix.size() && name.ends_with(kSuffix);
    const bool identity = has_identity(fd);
    if (!named && !identity) return sdk::ok();
    out.certainty = identity && !is_subvolume(fd, info) ? HEARTH_PROBE_CERTAIN : HEARTH_PROBE_MAYBE;
    if (named) put_user(out, name);
    return sdk::ok();
}

sdk::Result<std::uint32_t> DirectoryStorage::state(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    struct stat info {};
    if (fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return HEARTH_STATE_ABSENT;
        return sdk::sys_error(errno, std::string(place.name) + " cannot be looked at");
    }
    return S_ISDIR(info.st_mode) ? HEARTH_STATE_INACTIVE : HEARTH_STATE_UNKNOWN;
}

sdk::Result<void> DirectoryStorage::usage(sdk::Op op, const sdk::Record& record, int root_fd,
                                          hearth_usage& out) {
    sdk::UniqueFd opened;
    if (root_fd < 0) {
        HEARTH_SDK_TRY(place, op.place(record));
        opened = sdk::UniqueFd(
            openat(place.dir, place.name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!opened && errno == ENOENT)
            return sdk::Error(HEARTH_E_HOME_ABSENT, std::string(place.name) + " does not exist",
                              ENOENT);
        if (!opened) return sdk::sys_error(errno, std::string(place.name) + " cannot be opened");
        root_fd = opened.get();
    }
    struct statfs file_system {};
    if (fstatfs(root_fd, &file_system) != 0)
        return sdk::sys_error(errno, "the file system does not tell its size");
    // What the home itself takes only a walk through it would tell.
    const auto block = static_cast<std::uint64_t>(file_system.f_frsize);
    out.size = file_system.f_blocks * block;
    out.free = file_system.f_bavail * block;
    return sdk::ok();
}

sdk::Result<void> DirectoryStorage::deactivate(sdk::Op, const sdk::Record&, int, hearth_flags) {
    return sdk::ok();
}

sdk::Result<void> DirectoryStorage::remove(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    if (op.cancelled())
        return sdk::Error(HEARTH_E_CANCELLED, "the removal was cancelled before it began");
    HEARTH_SDK_CHECK(move_to_trash(place));
    return empty_trash(op, place);
}

sdk::Result<void> DirectoryStorage::recover(sdk::Op op, const sdk::Record& record,
                                            const hearth_intent& intent, sdk::Session*) {
    HEARTH_SDK_TRY(place, op.place(record));
    switch (intent.verb) {
        case HEARTH_VERB_CREATE:
            return sdk::remove_tree(place.dir, place.temp_name);
        case HEARTH_VERB_REMOVE:
            return empty_trash(op, place);
        default:
            return sdk::ok();
    }
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectoryStorage::create(sdk::Op op,
                                                                    sdk::WritableRecord record,
                                                                    sdk::Credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    return DirectorySession::create(place);
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectoryStorage::unlock_medium(
    sdk::Op op, sdk::WritableRecord record, hearth_flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    return DirectorySession::open(place);
}

}  // namespace hearth::directory

HEARTH_PLUGIN(hearth::directory::DirectoryStorage);
