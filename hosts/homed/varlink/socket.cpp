// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/system/files.hpp"

namespace hearth::homed::varlink {

namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kSocketMode = 0666;
constexpr unsigned kMostTries = 50;
constexpr useconds_t kPauseUsec = 20'000;

Error failed(const std::string& what, int sys_errno) {
    return Error(Code::io, "varlink-socket", what).sys(sys_errno);
}

Result<UniqueFd> open_folder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    const bool made = ::mkdir(path.c_str(), kFolderMode) == 0;
    UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    // Only what was made here: the folder is everybody's, and somebody may have decided otherwise.
    if (!folder || (made && ::fchmod(folder.get(), kFolderMode) != 0))
        return failed("Cannot make the folder " + path + ".", errno);
    return folder;
}

/// Through the open folder: an address has no room for long paths.
sockaddr_un address_of(int folder, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = system::fd_path(folder) + "/" + name;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

UniqueFd make_socket() {
    return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

/// Nobody is there, or nobody listens any more. Where that cannot be told, somebody is.
bool is_free(int folder, const std::string& name) {
    const UniqueFd client = make_socket();
    const sockaddr_un address = address_of(folder, name);
    if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return false;
    return errno == ECONNREFUSED || errno == ENOENT;
}

/// Of a service that was killed, a process that it was just about to start may still have the
/// socket, until it becomes a worker.
bool becomes_free(int folder, const std::string& name) {
    for (unsigned tries = 0; !is_free(folder, name); ++tries) {
        if (tries == kMostTries) return false;
        ::usleep(kPauseUsec);
    }
    return true;
}

}  // namespace

/// Listens before it is to be seen under its name: no client finds a door that is not open yet.
Result<Socket> Socket::listen(const std::string& folder, const std::string& name) {
    HEARTH_TRY(folder_fd, open_folder(folder));
    if (!becomes_free(folder_fd.get(), name)) {
        return Error(Code::home_busy, "varlink-socket-taken",
                     "Another service answers for " + name + ".")
            .hint("Stop systemd-homed, or the other instance of this service.");
    }
    Socket socket(std::move(folder_fd), name, make_socket());
    const std::string temporary = ".#" + name + "." + std::to_string(::getpid());
    HEARTH_CHECK(socket.take_place(temporary));
    return socket;
}

Result<void> Socket::take_place(const std::string& temporary) {
    const int folder = folder_.get();
    const sockaddr_un address = address_of(folder, temporary);
    const auto* const place = reinterpret_cast<const sockaddr*>(&address);
    ::unlinkat(folder, temporary.c_str(), 0);
    if (!fd_ || ::bind(fd_.get(), place, sizeof address) != 0)
        return failed("Cannot make the socket " + name_ + ".", errno);
    struct stat file {};
    if (::fchmodat(folder, temporary.c_str(), kSocketMode, 0) != 0 ||
        ::listen(fd_.get(), SOMAXCONN) != 0 ||
        ::fstatat(folder, temporary.c_str(), &file, AT_SYMLINK_NOFOLLOW) != 0 ||
        ::renameat(folder, temporary.c_str(), folder, name_.c_str()) != 0) {
        Error error = failed("Cannot make the socket " + name_ + ".", errno);
        ::unlinkat(folder, temporary.c_str(), 0);
        return error;
    }
    file_ = file;
    return ok();
}

/// Unless another service took its place meanwhile.
Socket::~Socket() {
    struct stat now {};
    if (!fd_ || file_.st_ino == 0) return;
    if (::fstatat(folder_.get(), name_.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0 &&
        now.st_ino == file_.st_ino && now.st_dev == file_.st_dev)
        ::unlinkat(folder_.get(), name_.c_str(), 0);
}

}  // namespace hearth::homed::varlink
