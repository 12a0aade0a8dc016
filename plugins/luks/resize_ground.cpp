// SPDX-License-Identifier: LGPL-2.1-or-later
#include "resize_ground.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "image.hpp"
#include "mapping_size.hpp"

namespace hearth::luks {

namespace {

/// 0, or the errno.
int lengthen(int image, std::uint64_t from, std::uint64_t to, bool sparse) {
    if (!sparse) {
        if (fallocate(image, 0, static_cast<off_t>(from), static_cast<off_t>(to - from)) == 0)
            return 0;
        if (errno != EOPNOTSUPP && errno != ENOSYS) return errno;
    }
    return ftruncate(image, static_cast<off_t>(to)) == 0 ? 0 : errno;
}

}  // namespace

sdk::Result<std::uint64_t> ImageGround::length() {
    return size_of(image_);
}

sdk::Result<void> ImageGround::set_length(std::uint64_t bytes) {
    HEARTH_SDK_TRY(now, size_of(image_));
    if (bytes <= now) {
        if (ftruncate(image_, static_cast<off_t>(bytes)) == 0) return sdk::ok();
        return sdk::sys_error(errno, "the image cannot be cut");
    }
    const int why = lengthen(image_, now, bytes, sparse_);
    if (why == 0) return sdk::ok();
    // What was found of it is given back.
    [[maybe_unused]] const int cut = ftruncate(image_, static_cast<off_t>(now));
    return sdk::sys_error(why, "there is no room for a larger image on the disk around it");
}

sdk::Result<void> ImageGround::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    return write_at(image_, offset, bytes);
}

sdk::Result<void> ImageGround::sync() {
    return sync_file(image_, "the image");
}

sdk::Result<void> LiveGround::set_mapping(const Extent& volume) {
    if (stack_.has_kept_key) return resize_mapping(stack_.mapping, stack_.payload(volume));
    if (stack_.volume == nullptr) return sdk::ok();
    return stack_.volume->resize(stack_.mapping, *stack_.key, stack_.payload(volume));
}

sdk::Result<void> LiveGround::set_devices(const Extent& from, const Extent& to) {
    // What lies below is never the smaller one.
    if (to.size < from.size) HEARTH_SDK_CHECK(set_mapping(to));
    HEARTH_SDK_CHECK(resize_loop(*stack_.loop, to));
    return to.size < from.size ? sdk::ok() : set_mapping(to);
}

sdk::Result<void> LiveGround::set_file_system(const Extent& volume) {
    return resize_file_system(stack_.root, kind_, stack_.payload(volume));
}

}  // namespace hearth::luks
