// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/device_watch.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace hearth::homed {

namespace {

constexpr unsigned kKernelsGroup = 1;

Error no_watch() {
    return Error(Code::io, "device-watch",
                 "The service does not notice when a device with a home is pulled out.")
        .sys(errno)
        .hint("Close such homes before: homectl deactivate USER");
}

UniqueFd open_socket() {
    UniqueFd fd(
        ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = kKernelsGroup;
    if (fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fd.reset();
    return fd;
}

}  // namespace

Result<void> DeviceWatch::start() {
    fd_ = open_socket();
    if (!fd_) return no_watch();
    watch_ = service_.loop().watch(fd_.get(), [this] { on_readable(); });
    service_.devices_changed();
    return ok();
}

/// What is said is a reason to look, whoever says it, and so is that something was lost.
void DeviceWatch::on_readable() {
    constexpr std::string_view kRemoved = "remove@";
    std::array<char, 4096> message{};
    bool look = false;
    for (;;) {
        const ssize_t n = ::recv(fd_.get(), message.data(), message.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == ENOBUFS) look = true;
        if (n < 0 && errno != ENOBUFS) break;
        if (n > 0 &&
            std::string_view(message.data(), static_cast<std::size_t>(n)).starts_with(kRemoved))
            look = true;
    }
    if (look) service_.devices_changed();
}

}  // namespace hearth::homed
