// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/many/record_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

Error unreadable(const std::string& path, int sys_errno) {
    return Error(Code::invalid_argument, "option-file-unreadable",
                 "The file " + clean(path) + " of --many cannot be read.")
        .sys(sys_errno);
}

}  // namespace

Result<RecordSource> RecordSource::open(const std::string& path) {
    UniqueFd owned;
    if (path != "-") owned.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    const int fd = path == "-" ? STDIN_FILENO : owned.get();
    if (fd < 0) return unreadable(path, errno);
    return RecordSource(path, std::move(owned), fd);
}

std::optional<RecordStream::Piece> RecordSource::take() {
    for (;;) {
        if (auto piece = stream_.take()) return piece;
        if (ended_ || !read_some()) return std::nullopt;
    }
}

bool RecordSource::read_some() {
    pollfd readable{fd_, POLLIN, 0};
    if (::poll(&readable, 1, 0) == 0) return false;
    std::array<char, 65536> buffer{};
    const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return false;
    if (got <= 0) {
        end(got < 0 ? errno : 0);
        return true;
    }
    stream_.add({buffer.data(), static_cast<std::size_t>(got)});
    // Passwords may have been in it.
    ::explicit_bzero(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

void RecordSource::end(int sys_errno) {
    ended_ = true;
    stream_.end();
    if (sys_errno != 0) problem_ = unreadable(path_, sys_errno);
}

}  // namespace hearth::homectl
