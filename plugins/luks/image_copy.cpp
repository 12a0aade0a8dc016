// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image_copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "gpt.hpp"
#include "image.hpp"

namespace hearth::luks {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kChunk = 8 * kMiB;

/// The stretches of a file that are no holes.
std::vector<Extent> data_of(int image, std::uint64_t size) {
    std::vector<Extent> out;
    for (off_t at = 0; static_cast<std::uint64_t>(at) < size;) {
        const off_t begin = lseek(image, at, SEEK_DATA);
        if (begin < 0 && errno == ENXIO) break;
        const off_t end = begin < 0 ? -1 : lseek(image, begin, SEEK_HOLE);
        // A file system that does not tell has no holes.
        if (end < 0) return {{0, size}};
        out.push_back({static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(end - begin)});
        at = end;
    }
    return out;
}

std::uint64_t sum_of(const std::vector<Extent>& stretches) {
    std::uint64_t sum = 0;
    for (const Extent& one : stretches) sum += one.size;
    return sum;
}

sdk::Error no_room(std::uint64_t needed, std::uint64_t free) {
    return {HEARTH_E_NO_SPACE,
            "a home with ext4 is made smaller on a copy of it, so that no accident can damage it; "
            "for that " +
                std::to_string(needed / kMiB + 1) + "M are needed on the disk around it, and " +
                std::to_string(free / kMiB) + "M are free",
            ENOSPC};
}

/// From one file to another, at the same place. False: the end of the file.
sdk::Result<std::uint64_t> copy_some(int from, int to, std::uint64_t offset, std::uint64_t most) {
    std::array<std::uint8_t, 1 << 16> buffer{};
    const std::size_t wanted = std::min<std::uint64_t>(most, buffer.size());
    const ssize_t got = pread(from, buffer.data(), wanted, static_cast<off_t>(offset));
    if (got <= 0) return sdk::sys_error(got == 0 ? EIO : errno, "the image cannot be read");
    HEARTH_SDK_CHECK(write_at(to, offset, std::span(buffer).first(static_cast<std::size_t>(got))));
    return static_cast<std::uint64_t>(got);
}

sdk::Result<void> copy_data(sdk::Op op, int from, int to, const std::vector<Extent>& stretches) {
    const std::uint64_t total = sum_of(stretches);
    std::uint64_t done = 0;
    for (const Extent& one : stretches) {
        for (std::uint64_t at = 0; at < one.size;) {
            if (done % kChunk == 0) op.progress(done, total, "copying the image");
            if (op.cancelled()) return sdk::Error(HEARTH_E_CANCELLED, "cancelled while copying");
            HEARTH_SDK_TRY(copied, copy_some(from, to, one.offset + at, one.size - at));
            at += copied;
            done += copied;
        }
    }
    return sdk::ok();
}

/// The mark of a home that was not closed cleanly, labels, and what others put there.
sdk::Result<void> copy_attributes(int from, int to) {
    struct stat info {};
    if (fstat(from, &info) != 0 || fchown(to, info.st_uid, info.st_gid) != 0 ||
        fchmod(to, info.st_mode & 07777U) != 0)
        return sdk::sys_error(errno, "owner and mode of the image cannot be copied");
    std::array<char, 65536> names{};
    const ssize_t size = flistxattr(from, names.data(), names.size());
    std::vector<char> value(65536);
    for (const char* name = names.data(); size > 0 && name < names.data() + size;
         name += std::char_traits<char>::length(name) + 1) {
        const ssize_t length = fgetxattr(from, name, value.data(), value.size());
        if (length < 0 ||
            fsetxattr(to, name, value.data(), static_cast<std::size_t>(length), 0) != 0)
            return sdk::sys_error(
                errno, std::string("the attribute ") + name + " of the image cannot be copied");
    }
    return sdk::ok();
}

sdk::Result<void> fill_copy(sdk::Op op, const sdk::Place& place, int image, int copy,
                            std::uint64_t later) {
    HEARTH_SDK_CHECK(copy_attributes(image, copy));
    if (ioctl(copy, FICLONE, image) == 0) return sdk::ok();
    HEARTH_SDK_TRY(size, size_of(image));
    const auto stretches = data_of(image, size);
    HEARTH_SDK_TRY(free, space_around(place.dir));
    // What shrinking moves around in the copy takes some room as well.
    const std::uint64_t needed = std::max(sum_of(stretches) + 4 * kMiB, later);
    if (needed > free) return no_room(needed, free);
    auto copied = copy_data(op, image, copy, stretches);
    if (!copied && copied.error().sys_errno() == ENOSPC) return no_room(needed, free);
    return copied;
}

}  // namespace

sdk::Result<sdk::UniqueFd> copy_image(sdk::Op op, const sdk::Place& place, int image,
                                      std::uint64_t later) {
    HEARTH_SDK_TRY(size, size_of(image));
    HEARTH_SDK_TRY(copy, make_image(place, size, true));
    auto filled = fill_copy(op, place, image, copy.get(), later);
    if (filled) return copy;
    static_cast<void>(remove_file(place, place.temp_name));
    return std::move(filled).error();
}

sdk::Result<void> replace_image(const sdk::Place& place, int copy) {
    HEARTH_SDK_CHECK(sync_file(copy, "the copy of the image"));
    if (renameat(place.dir, place.temp_name, place.dir, place.name) != 0)
        return sdk::sys_error(errno, std::string(place.name) + " cannot be put in its place");
    return sync_folder(place.dir);
}

}  // namespace hearth::luks
