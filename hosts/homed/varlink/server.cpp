// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/server.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace hearth::homed::varlink {

namespace {

constexpr std::uint64_t kPauseUsec = 500'000;

/// Half of the files that this process may open are for its other work.
std::size_t files_for_connections() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
    return std::max<std::size_t>(limit.rlim_cur / 2, 1);
}

std::optional<Peer> peer_of(int fd) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
    return Peer{credentials.uid};
}

/// The client went away before it was its turn, or the like: the next may be there.
bool concerns_one_client(int sys_errno) {
    return sys_errno == ECONNABORTED || sys_errno == EINTR || sys_errno == EPERM ||
           sys_errno == EPROTO;
}

}  // namespace

Server::Server(service::Loop& loop, Socket socket,
               std::vector<std::unique_ptr<Interface>> interfaces, const Limits& limits)
    : loop_(loop), socket_(std::move(socket)), router_(std::move(interfaces)), limits_(limits) {
    limits_.connections = std::min(limits_.connections, files_for_connections());
    listen();
}

void Server::listen() {
    watch_ = loop_.watch(socket_.fd(), [this] { on_readable(); });
}

/// One at a time: those that are connected have their turn in between.
void Server::on_readable() {
    UniqueFd fd(::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd)
        add(std::move(fd));
    else if (errno != EAGAIN && errno != EWOULDBLOCK && !concerns_one_client(errno))
        pause();
}

/// The machine is short of something: asking again at once would only make that worse.
void Server::pause() {
    if (!connections_.empty()) drop_most_silent(who_has_most());
    watch_.reset();
    watch_ = loop_.after(kPauseUsec, [this] { listen(); });
}

void Server::add(UniqueFd fd) {
    const auto peer = peer_of(fd.get());
    if (!peer) return;
    make_room(peer->uid);
    const std::uint64_t id = ++last_id_;
    connections_[id] = std::make_unique<Connection>(
        std::move(fd), *peer, Connection::Surroundings{loop_, router_, limits_, clock_},
        [this, id] { drop(id); });
    ++counts_[peer->uid];
}

void Server::drop(std::uint64_t id) {
    const auto connection = connections_.find(id);
    if (connection == connections_.end()) return;
    const auto count = counts_.find(connection->second->peer().uid);
    if (--count->second == 0) counts_.erase(count);
    connections_.erase(connection);
}

void Server::make_room(uid_t uid) {
    const auto own = counts_.find(uid);
    if (uid != 0 && own != counts_.end() && own->second >= limits_.connections_per_uid)
        drop_most_silent(uid);
    else if (connections_.size() >= limits_.connections)
        drop_most_silent(who_has_most());
}

uid_t Server::who_has_most() const {
    const auto most = std::max_element(
        counts_.begin(), counts_.end(),
        [](const auto& one, const auto& other) { return one.second < other.second; });
    return most->first;
}

void Server::drop_most_silent(uid_t uid) {
    std::uint64_t silent = 0;
    std::uint64_t heard_at = UINT64_MAX;
    for (const auto& [id, connection] : connections_) {
        if (connection->peer().uid != uid || connection->heard_at() >= heard_at) continue;
        silent = id;
        heard_at = connection->heard_at();
    }
    drop(silent);
}

}  // namespace hearth::homed::varlink
