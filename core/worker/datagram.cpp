// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/datagram.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/worker/message.hpp"

namespace hearth::worker {

namespace {

/// A request with as many files as it can have; the kernel allows 253.
constexpr std::size_t kMaxFds = 208;
constexpr int kAllSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

union ControlBuffer {
    cmsghdr align;
    std::array<char, CMSG_SPACE(sizeof(int) * kMaxFds)> bytes;
};

Error broken(const char* what) {
    return Error(Code::internal, "worker-protocol",
                 std::string(what) + " between homectl and its worker failed.");
}

void take_fds(msghdr& header, std::vector<UniqueFd>& out) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            out.emplace_back(fd);
        }
    }
}

/// The number of bytes, or -1 and errno.
ssize_t send_once(int socket, std::string_view text, const std::vector<int>& fds, int flags) {
    iovec content{const_cast<char*>(text.data()), text.size()};
    msghdr header{};
    header.msg_iov = &content;
    header.msg_iovlen = 1;
    ControlBuffer control{};
    if (!fds.empty()) {
        header.msg_control = control.bytes.data();
        header.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
        cmsghdr* part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
        std::memcpy(CMSG_DATA(part), fds.data(), sizeof(int) * fds.size());
    }
    ssize_t n = 0;
    do {
        n = ::sendmsg(socket, &header, MSG_NOSIGNAL | flags);
    } while (n < 0 && errno == EINTR);
    return n;
}

bool would_wait(ssize_t n) {
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Result<std::optional<Datagram>> receive_once(int socket, int flags) {
    Datagram out;
    out.text.resize(kMaxMessage);
    iovec content{out.text.data(), out.text.size()};
    ControlBuffer control{};
    msghdr header{};
    header.msg_iov = &content;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    ssize_t n = 0;
    do {
        n = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC | flags);
    } while (n < 0 && errno == EINTR);
    if (would_wait(n)) return std::optional<Datagram>();
    if (n < 0 && errno != ECONNRESET) return broken("Receiving").sys(errno);
    take_fds(header, out.fds);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return broken("Receiving").why("A message was cut off.");
    out.end = n <= 0;
    out.text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return std::optional(std::move(out));
}

}  // namespace

Result<void> send_datagram(int socket, std::string_view text, const std::vector<int>& fds) {
    if (fds.size() > kMaxFds) return broken("Sending").why("It has too many files.");
    const ssize_t n = send_once(socket, text, fds, 0);
    if (n != static_cast<ssize_t>(text.size())) return broken("Sending").sys(errno);
    return ok();
}

Result<bool> try_send_datagram(int socket, std::string_view text, const std::vector<int>& fds) {
    const ssize_t n = send_once(socket, text, fds, MSG_DONTWAIT);
    if (would_wait(n)) return false;
    if (n != static_cast<ssize_t>(text.size())) return broken("Sending").sys(errno);
    return true;
}

Result<Datagram> receive_datagram(int socket) {
    HEARTH_TRY(datagram, receive_once(socket, 0));
    if (!datagram) return broken("Receiving").sys(EAGAIN);
    return *std::move(datagram);
}

Result<std::optional<Datagram>> try_receive_datagram(int socket) {
    return receive_once(socket, MSG_DONTWAIT);
}

Result<UniqueFd> to_memfd(std::string_view text) {
    UniqueFd fd(::memfd_create("hearth", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) return broken("Sharing memory").sys(errno);
    while (!text.empty()) {
        const ssize_t n = ::write(fd.get(), text.data(), text.size());
        if (n <= 0) return broken("Sharing memory").sys(errno);
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fcntl(fd.get(), F_ADD_SEALS, kAllSeals) != 0) return broken("Sealing memory").sys(errno);
    return fd;
}

Result<std::string> from_memfd(int fd, std::size_t limit) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return broken("Reading memory").sys(errno);
    if (::fcntl(fd, F_GET_SEALS) != kAllSeals)
        return broken("Reading memory").why("It is not sealed.");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > limit) return broken("Reading memory").why("It holds more than is allowed.");
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t n = ::pread(fd, text.data() + done, size - done, static_cast<off_t>(done));
        if (n <= 0) return broken("Reading memory").sys(errno);
        done += static_cast<std::size_t>(n);
    }
    return text;
}

}  // namespace hearth::worker
