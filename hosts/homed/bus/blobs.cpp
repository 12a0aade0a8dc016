// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/blobs.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>

#include "core/record/names.hpp"

namespace hearth::homed {

namespace {

Error bad_argument() {
    return Error(Code::invalid_argument, "argument-invalid",
                 "An argument of the call is not what it should be.");
}

Error bad_file(const std::string& name, const char* why) {
    return Error(Code::invalid_argument, "blob-file",
                 "The file " + name + " cannot be kept with a record.")
        .why(why);
}

Result<void> check_mode(const std::string& name, int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0) return bad_file(name, "It is not open.");
    if ((flags & O_PATH) != 0 || (flags & O_ACCMODE) == O_WRONLY)
        return bad_file(name, "It is not open for reading.");
    return ok();
}

/// Its size.
Result<std::uint64_t> check_file(const std::string& name, int fd) {
    HEARTH_CHECK(check_mode(name, fd));
    struct statx info {};
    constexpr int kFlags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
    if (::statx(fd, "", kFlags, STATX_TYPE | STATX_SIZE, &info) != 0)
        return bad_file(name, "The kernel gave no answer about it.");
    if (!S_ISREG(info.stx_mode)) return bad_file(name, "It is not a regular file.");
    return info.stx_size;
}

Result<UniqueFd> copy_of(int fd) {
    UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    if (!copy)
        return Error(Code::no_memory, "blob-file", "The service has too many files open.")
            .sys(errno);
    return copy;
}

Error too_large() {
    return Error(Code::invalid_argument, "blobs-too-large",
                 "The files that come with a record are too many or too large.")
        .hint("All together may have 64 MiB.");
}

}  // namespace

Result<void> check_blob_files(const home::BlobFiles& files) {
    std::uint64_t bytes = 0;
    if (files.size() > home::kMostBlobs) return too_large();
    for (const auto& [name, fd] : files) {
        HEARTH_CHECK(record::check_blob_name(name));
        HEARTH_TRY(size, check_file(name, fd.get()));
        if (size > home::kMostBlobBytes - bytes) return too_large();
        bytes += size;
    }
    return ok();
}

Result<home::BlobFiles> read_blob_files(sd_bus_message* call) {
    if (sd_bus_message_enter_container(call, 'a', "{sh}") < 0) return bad_argument();
    home::BlobFiles files;
    for (;;) {
        const char* name = nullptr;
        int fd = -1;
        const int r = sd_bus_message_read(call, "{sh}", &name, &fd);
        if (r < 0) return bad_argument();
        if (r == 0) break;
        if (files.size() == home::kMostBlobs) return too_large();
        HEARTH_TRY(copy, copy_of(fd));
        if (!files.emplace(name, std::move(copy)).second) return bad_argument();
    }
    if (sd_bus_message_exit_container(call) < 0) return bad_argument();
    HEARTH_CHECK(check_blob_files(files));
    return files;
}

}  // namespace hearth::homed
