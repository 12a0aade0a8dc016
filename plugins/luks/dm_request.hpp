// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <sys/ioctl.h>
#include <hearth/sdk/unique_fd.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

// Private to mapping.cpp and mapping_size.cpp.

namespace hearth::luks {

inline constexpr const char* kMapperControl = "/dev/mapper/control";

/// A request to device-mapper, with room for what the kernel has to say.
struct Request {
    dm_ioctl head{};
    std::array<char, 1024> rest{};
};
static_assert(offsetof(Request, rest) == sizeof(dm_ioctl));

inline Request request_for(const std::string& name) {
    Request out;
    out.head.version[0] = DM_VERSION_MAJOR;
    out.head.data_size = sizeof out;
    out.head.data_start = sizeof out.head;
    std::memcpy(out.head.name, name.c_str(), std::min(name.size(), sizeof out.head.name - 1));
    return out;
}

/// 0, or the errno.
inline int ask(unsigned long what, Request& request) {
    const sdk::UniqueFd control(open(kMapperControl, O_RDWR | O_CLOEXEC));
    if (!control) return errno;
    return ioctl(control.get(), what, &request) == 0 ? 0 : errno;
}

}  // namespace hearth::luks
