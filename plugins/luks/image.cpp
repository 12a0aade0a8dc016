// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

namespace hearth::luks {

namespace {

constexpr const char* kDirty = "user.home-dirty";
constexpr std::uint64_t kBlock = 512;
constexpr std::chrono::seconds kPatience{2};

sdk::Error absent(const char* name) {
    return {HEARTH_E_HOME_ABSENT, std::string("the image ") + name + " does not exist", ENOENT};
}

/// Copies on every write would tear an image to pieces, and what is encrypted does not compress.
void set_no_copies(int image) {
    for (const int attribute : {FS_NOCOW_FL, FS_NOCOMP_FL}) {
        int flags = 0;
        if (ioctl(image, FS_IOC_GETFLAGS, &flags) != 0) return;
        flags |= attribute;
        ioctl(image, FS_IOC_SETFLAGS, &flags);
    }
}

/// 0, or the errno.
int try_lock(int image) {
    return flock(image, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

sdk::Result<void> allocate(int image, std::uint64_t size, bool sparse) {
    if (ftruncate(image, static_cast<off_t>(size)) != 0)
        return sdk::sys_error(errno, "the image cannot get its size");
    if (sparse || fallocate(image, 0, 0, static_cast<off_t>(size)) == 0) return sdk::ok();
    if (errno == EOPNOTSUPP || errno == ENOSYS) return sdk::ok();
    return sdk::sys_error(errno, "there is no room for an image of this size");
}

}  // namespace

sdk::Result<void> sync_folder(int dir) {
    const sdk::UniqueFd folder(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder && fsync(folder.get()) == 0) return sdk::ok();
    return sdk::sys_error(errno, "the folder of the image cannot be put on the disk");
}

bool exists(const sdk::Place& place) {
    struct stat info {};
    return fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

sdk::Error exists_already(const sdk::Place& place) {
    return {HEARTH_E_HOME_EXISTS, std::string(place.name) + " exists already", EEXIST};
}

sdk::Result<sdk::UniqueFd> open_image(const sdk::Place& place, const char* name) {
    constexpr int kFlags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;
    sdk::UniqueFd image(openat(place.dir, name, kFlags));
    if (!image) {
        const int why = errno;
        if (why == ENOENT) return absent(name);
        if (why == EISDIR)
            return sdk::Error(HEARTH_E_CORRUPT, std::string(name) + " is a folder", why);
        if (why == ELOOP)
            return sdk::Error(HEARTH_E_PERMISSION, std::string(name) + " is a symbolic link", why);
        return sdk::sys_error(why, std::string("the image ") + name + " cannot be opened");
    }
    struct stat info {};
    if (fstat(image.get(), &info) == 0 && S_ISREG(info.st_mode)) return image;
    return sdk::Error(HEARTH_E_CORRUPT, std::string(name) + " is not a file");
}

sdk::Result<std::uint64_t> size_of(int image) {
    struct stat info {};
    if (fstat(image, &info) != 0) return sdk::sys_error(errno, "the image cannot be looked at");
    if (!S_ISBLK(info.st_mode)) return static_cast<std::uint64_t>(info.st_size);
    std::uint64_t size = 0;
    if (ioctl(image, BLKGETSIZE64, &size) == 0) return size;
    return sdk::sys_error(errno, "the size of the device is not known");
}

sdk::Result<void> lock_image(int image) {
    // The kernel lets go of a home that was just closed a moment later: its loop device holds the
    // file, and goes when the mapping above it has.
    const auto end = std::chrono::steady_clock::now() + kPatience;
    int why = try_lock(image);
    for (; why == EWOULDBLOCK && std::chrono::steady_clock::now() < end; why = try_lock(image))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (why == 0) return sdk::ok();
    if (why != EWOULDBLOCK) return sdk::sys_error(why, "the image cannot be locked");
    return sdk::Error(HEARTH_E_HOME_IN_USE, "another program has the image in use", why);
}

bool is_dirty(int image) {
    char value = 0;
    return fgetxattr(image, kDirty, &value, 1) == 1 && value == '1';
}

sdk::Result<sdk::UniqueFd> make_image(const sdk::Place& place, std::uint64_t size, bool sparse) {
    constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    sdk::UniqueFd image(openat(place.dir, place.temp_name, kFlags, 0600));
    if (!image)
        return sdk::sys_error(errno,
                              std::string("the image ") + place.temp_name + " cannot be made");
    // The umask of the host does not matter.
    auto made = fchmod(image.get(), 0600) == 0
                    ? sdk::ok()
                    : sdk::Result<void>(sdk::sys_error(errno, "the image's mode cannot be set"));
    set_no_copies(image.get());
    if (made) made = allocate(image.get(), size, sparse);
    if (made) made = lock_image(image.get());
    if (made) return image;
    unlinkat(place.dir, place.temp_name, 0);
    return std::move(made).error();
}

sdk::Result<void> fill_holes(int image) {
    struct stat info {};
    if (fstat(image, &info) != 0) return sdk::sys_error(errno, "the image cannot be looked at");
    const auto size = static_cast<std::uint64_t>(info.st_size);
    const std::uint64_t taken = static_cast<std::uint64_t>(info.st_blocks) * kBlock;
    if (taken >= size) return sdk::ok();
    // In vain it would take everything that is left, and keep it.
    struct statvfs around {};
    if (fstatvfs(image, &around) == 0 &&
        size - taken > std::uint64_t{around.f_bavail} * around.f_frsize)
        return sdk::sys_error(ENOSPC, "there is no room on the disk for all of the image");
    if (fallocate(image, FALLOC_FL_KEEP_SIZE, 0, info.st_size) == 0) return sdk::ok();
    if (errno == EOPNOTSUPP || errno == ENOSYS) return sdk::ok();
    return sdk::sys_error(errno, "there is no room on the disk for all of the image");
}

sdk::Result<void> fill_holes_in(int image, const Extent& part) {
    if (fallocate(image, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(part.offset),
                  static_cast<off_t>(part.size)) == 0)
        return sdk::ok();
    if (errno == EOPNOTSUPP || errno == ENOSYS) return sdk::ok();
    return sdk::sys_error(errno, "there is no room on the disk for the keys of the image");
}

sdk::Result<std::uint64_t> space_around(int dir) {
    struct statvfs info {};
    const sdk::UniqueFd folder(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder && fstatvfs(folder.get(), &info) == 0)
        return std::uint64_t{info.f_bavail} * info.f_frsize;
    return sdk::sys_error(errno, "how much room is around the image is not known");
}

sdk::Result<Extent> write_table(int image, const Settings& settings, const Uuid& id) {
    HEARTH_SDK_TRY(size, size_of(image));
    const auto disk = random_uuid();
    if (!disk) return sdk::Error(HEARTH_E_INTERNAL, "the kernel gave no random numbers");
    HEARTH_SDK_TRY(table, plan_table(size, settings.sector_size, *disk, settings.label, id));
    const TableBytes bytes = to_bytes(table, size);
    HEARTH_SDK_CHECK(write_at(image, bytes.tail_offset, bytes.tail));
    HEARTH_SDK_CHECK(write_at(image, 0, bytes.head));
    return extent_of(table, table.partitions.front());
}

sdk::Result<void> mend_table(int image) {
    const ReadAt read = reader_of(image);
    HEARTH_SDK_TRY(size, size_of(image));
    if (parse_table(read, size)) return sdk::ok();
    const auto backup = parse_copy(read, size, TableCopy::second);
    if (!backup) return sdk::ok();  // whoever reads it next says what is wrong
    HEARTH_SDK_CHECK(write_at(image, 0, to_bytes(*backup, size).head));
    return sync_file(image, "the partition table of the image");
}

sdk::Result<void> publish(const sdk::Place& place, int image) {
    HEARTH_SDK_CHECK(sync_file(image, "the image"));
    if (renameat2(place.dir, place.temp_name, place.dir, place.name, RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) return exists_already(place);
        return sdk::sys_error(errno, std::string(place.name) + " cannot be put in its place");
    }
    return sync_folder(place.dir);
}

sdk::Result<void> move_to_trash(const sdk::Place& place) {
    if (renameat2(place.dir, place.name, place.dir, place.trash_name, RENAME_NOREPLACE) == 0)
        return sync_folder(place.dir);
    if (errno == ENOENT) return absent(place.name);
    return sdk::sys_error(errno, std::string(place.name) + " cannot be moved away");
}

sdk::Result<void> remove_file(const sdk::Place& place, const char* name) {
    if (unlinkat(place.dir, name, 0) != 0) {
        if (errno == ENOENT) return sdk::ok();
        return sdk::sys_error(errno, std::string(name) + " cannot be removed");
    }
    return sync_folder(place.dir);
}

}  // namespace hearth::luks
