// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/home_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <hearth/sdk/tree.hpp>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <string_view>

namespace hearth::shared {

namespace {

constexpr std::string_view kSuffix = ".homedir";

// The last name of the path that the kernel knows an open file by; empty if it has none.
std::string name_of(int fd) {
    std::array<char, PATH_MAX> path{};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t length = readlink(link.c_str(), path.data(), path.size());
    if (length <= 0) return {};
    const std::string_view text(path.data(), static_cast<std::size_t>(length));
    return std::string(text.substr(text.rfind('/') + 1));
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

sdk::Error absent(const char* name) {
    return {HEARTH_E_HOME_ABSENT, std::string("the folder ") + name + " does not exist", ENOENT};
}

}  // namespace

sdk::Result<sdk::UniqueFd> open_home(const sdk::Place& place, const char* name) {
    sdk::UniqueFd folder(openat(place.dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder) return folder;
    const int why = errno;
    const std::string what = std::string("the folder ") + name;
    struct stat info {};
    const bool is_link =
        fstatat(place.dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
    if (why == ENOENT) return absent(name);
    // With O_DIRECTORY the kernel says of a link that it is no folder.
    if (why == ELOOP || is_link)
        return sdk::Error(HEARTH_E_PERMISSION, what + " is a symbolic link", ELOOP);
    if (why == ENOTDIR) return sdk::Error(HEARTH_E_CORRUPT, what + " is not a folder", why);
    return sdk::sys_error(why, what + " cannot be opened");
}

bool exists(const sdk::Place& place) {
    struct stat info {};
    return fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

sdk::Error exists_already(const sdk::Place& place) {
    return {HEARTH_E_HOME_EXISTS, std::string(place.name) + " exists already", EEXIST};
}

sdk::Result<void> sync_folder(int fd, const char* what) {
    const sdk::UniqueFd folder(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder && fsync(folder.get()) == 0) return sdk::ok();
    return sdk::sys_error(errno, std::string(what) + " cannot be synced");
}

sdk::Result<sdk::UniqueFd> make_folder(const sdk::Place& place) {
    if (mkdirat(place.dir, place.temp_name, 0700) != 0)
        return sdk::sys_error(errno,
                              std::string("the folder ") + place.temp_name + " cannot be created");
    auto folder = open_home(place, place.temp_name);
    // The umask of the host does not matter.
    if (folder && fchmod(folder->get(), 0700) == 0) return folder;
    const int why = errno;
    unlinkat(place.dir, place.temp_name, AT_REMOVEDIR);
    return folder ? sdk::sys_error(why, "the mode of the new folder cannot be set")
                  : std::move(folder).error();
}

sdk::Result<std::uint32_t> owner_of(int folder) {
    struct stat info {};
    if (fstat(folder, &info) != 0) return sdk::sys_error(errno, "the home cannot be looked at");
    return info.st_uid == 0 ? HEARTH_OWNER_USER : info.st_uid;
}

void fill_root(hearth_root& root, int folder, std::uint32_t owner) {
    root.fd = folder;
    root.kind = HEARTH_ROOT_PLAIN_DIR;
    root.idmap = 1;
    root.owner = owner;
    root.subdir = nullptr;
}

sdk::Result<void> publish(sdk::Op op, const sdk::Place& place) {
    const sdk::Critical between_two_names(op);
    if (renameat2(place.dir, place.temp_name, place.dir, place.name, RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) return exists_already(place);
        return sdk::sys_error(errno, std::string(place.name) + " cannot be put in its place");
    }
    return sync_folder(place.dir, "the folder of the home");
}

sdk::Result<void> move_to_trash(const sdk::Place& place) {
    if (renameat2(place.dir, place.name, place.dir, place.trash_name, RENAME_NOREPLACE) == 0)
        return sdk::ok();
    if (errno == ENOENT) return absent(place.name);
    return sdk::sys_error(errno, std::string(place.name) + " cannot be moved away");
}

sdk::Result<void> remove_folder(sdk::Op op, int dir, const char* name) {
    sdk::TreeWatch watch;
    watch.progress = [op](std::uint64_t removed) { op.progress(removed, 0, "removing files"); };
    return sdk::remove_tree(dir, name, watch);
}

sdk::Result<std::uint32_t> state_of(const sdk::Place& place) {
    struct stat info {};
    if (fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return HEARTH_STATE_ABSENT;
        return sdk::sys_error(errno, std::string(place.name) + " cannot be looked at");
    }
    return S_ISDIR(info.st_mode) ? HEARTH_STATE_INACTIVE : HEARTH_STATE_UNKNOWN;
}

Looks look_at(int fd, hearth_probe& out) {
    const std::string name = name_of(fd);
    Looks looks;
    looks.named = name.size() > kSuffix.size() && name.ends_with(kSuffix);
    struct stat info {};
    looks.has_identity =
        fstatat(fd, ".identity", &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode);
    if (looks.named) put_user(out, name);
    return looks;
}

}  // namespace hearth::shared
