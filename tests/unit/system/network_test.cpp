// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/network.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace hearth::system {
namespace {

/// What socket() says to a process that left the network; 0: it made one.
int why_no_socket(int family) {
    const pid_t child = fork();
    if (child == 0) {
        if (!leave_network()) _exit(255);
        _exit(socket(family, SOCK_DGRAM, 0) >= 0 ? 0 : errno);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Network, CannotBeReachedByWhoLeftIt) {
    for (const int family : {AF_INET, AF_INET6, AF_PACKET, AF_VSOCK, AF_BLUETOOTH})
        EXPECT_EQ(why_no_socket(family), EAFNOSUPPORT) << family;
}

TEST(Network, IsNotWhatIsOnThisMachine) {
    EXPECT_EQ(why_no_socket(AF_UNIX), 0);
    // It depends on the kernel and on capabilities which of these there are; the filter lets them
    // be.
    EXPECT_NE(why_no_socket(AF_NETLINK), EAFNOSUPPORT);
}

TEST(Network, CannotBeReachedThroughRingsEither) {
    const pid_t child = fork();
    if (child == 0) {
        if (!leave_network()) _exit(255);
        _exit(syscall(SYS_io_uring_setup, 1, nullptr) < 0 && errno == ENOSYS ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hearth::system
