// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>

namespace hearth::luks {

ReadAt reader_of(int fd) {
    return [fd](std::uint64_t offset, std::span<std::uint8_t> out) {
        while (!out.empty()) {
            const ssize_t got = pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return false;
            out = out.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
        return true;
    };
}

sdk::Result<void> write_at(int fd, std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t put = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return sdk::sys_error(errno, "the image cannot be written");
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        offset += static_cast<std::uint64_t>(put);
    }
    return sdk::ok();
}

sdk::Result<void> sync_file(int fd, const char* what) {
    if (fsync(fd) == 0) return sdk::ok();
    return sdk::sys_error(errno, std::string(what) + " cannot be put on the disk");
}

}  // namespace hearth::luks
