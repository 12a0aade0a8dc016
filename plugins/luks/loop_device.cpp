// SPDX-License-Identifier: LGPL-2.1-or-later
#include "loop_device.hpp"

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>

namespace hearth::luks {

namespace {

/// Others ask for free devices too: the number may be taken before it is used.
constexpr int kTries = 64;

sdk::Error no_loop(int sys_errno) {
    if (sys_errno == ENOENT || sys_errno == ENODEV || sys_errno == ENXIO)
        return {HEARTH_E_BACKEND_UNAVAILABLE,
                "this kernel has no loop devices (module loop), which images need", sys_errno};
    if (sys_errno == ENOSPC || sys_errno == EBUSY || sys_errno == EAGAIN)
        return {HEARTH_E_BACKEND_UNAVAILABLE, "no loop device is free", sys_errno};
    return sdk::sys_error(sys_errno, "the image cannot be made a loop device");
}

loop_config config_of(int image, const Extent& extent, std::uint32_t sector_size) {
    loop_config config{};
    config.fd = static_cast<std::uint32_t>(image);
    config.block_size = sector_size;
    config.info.lo_offset = extent.offset;
    config.info.lo_sizelimit = extent.size;
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO;
    return config;
}

sdk::UniqueFd open_device(const std::string& path) {
    return sdk::UniqueFd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
}

}  // namespace

sdk::Result<LoopDevice> attach_loop(int image, const Extent& extent, std::uint32_t sector_size) {
    const sdk::UniqueFd control(open("/dev/loop-control", O_RDWR | O_CLOEXEC));
    if (!control) return no_loop(errno);
    const loop_config config = config_of(image, extent, sector_size);
    int why = EBUSY;
    for (int i = 0; i < kTries; ++i) {
        const int number = ioctl(control.get(), LOOP_CTL_GET_FREE);
        if (number < 0) return no_loop(errno);
        LoopDevice loop{{}, "/dev/loop" + std::to_string(number)};
        loop.fd = open_device(loop.path);
        if (!loop.fd) return no_loop(errno);
        if (ioctl(loop.fd.get(), LOOP_CONFIGURE, &config) == 0) return loop;
        why = errno;
        if (why != EBUSY) break;
    }
    return no_loop(why);
}

sdk::Result<LoopDevice> open_loop(dev_t device, int image) {
    LoopDevice loop{{}, "/dev/loop" + std::to_string(minor(device))};
    loop.fd = open_device(loop.path);
    if (!loop.fd) return sdk::sys_error(errno, "the loop device of the home cannot be opened");
    loop_info64 info{};
    struct stat file {};
    const bool known =
        fstat(image, &file) == 0 && ioctl(loop.fd.get(), LOOP_GET_STATUS64, &info) == 0;
    if (known && info.lo_inode == file.st_ino && info.lo_device == file.st_dev) return loop;
    return sdk::Error(HEARTH_E_HOME_IN_USE,
                      "a mapping of the home's name exists, and is over another image");
}

sdk::Result<void> resize_loop(const LoopDevice& loop, const Extent& extent) {
    loop_info64 info{};
    int why = ioctl(loop.fd.get(), LOOP_GET_STATUS64, &info) == 0 ? EAGAIN : errno;
    info.lo_offset = extent.offset;
    info.lo_sizelimit = extent.size;
    // Somebody who reads the device at this moment makes the kernel ask for another try.
    for (int i = 0; i < kTries && why == EAGAIN; ++i)
        why = ioctl(loop.fd.get(), LOOP_SET_STATUS64, &info) == 0 ? 0 : errno;
    if (why == 0 && ioctl(loop.fd.get(), LOOP_SET_CAPACITY, 0) != 0) why = errno;
    if (why == 0) return sdk::ok();
    return sdk::sys_error(why, "the size of the loop device cannot be changed");
}

}  // namespace hearth::luks
