// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/network.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace hearth::system {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_RISCV64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

constexpr std::uint32_t kForeign = 0x40000000;  // the bit of x32's numbers
constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kUnknown = SECCOMP_RET_ERRNO | ENOSYS;
constexpr std::uint32_t kNoFamily = SECCOMP_RET_ERRNO | EAFNOSUPPORT;

constexpr sock_filter load(std::size_t offset) {
    return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
}
constexpr sock_filter answer(std::uint32_t what) {
    return {BPF_RET | BPF_K, 0, 0, what};
}
/// Goes on with the next one if it is that, otherwise after it.
constexpr sock_filter next_if(std::uint32_t value) {
    return {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value};
}
constexpr sock_filter next_unless(std::uint32_t value) {
    return {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value};
}

/// Only the lower half of an argument is looked at: the kernel takes no more of this one.
constexpr std::size_t kFamily = offsetof(seccomp_data, args);
constexpr std::array kProgram = {
    load(offsetof(seccomp_data, arch)),
    next_unless(kArchitecture),
    answer(kUnknown),
    load(offsetof(seccomp_data, nr)),
    sock_filter{BPF_JMP | BPF_JGE | BPF_K, 0, 1, kForeign},
    answer(kUnknown),
    next_if(SYS_io_uring_setup),  // it can make sockets, too
    answer(kUnknown),
    next_unless(SYS_socket),
    answer(kAllow),
    load(kFamily),
    next_if(AF_UNIX),
    answer(kAllow),
    next_if(AF_NETLINK),
    answer(kAllow),
    next_if(AF_ALG),
    answer(kAllow),
    answer(kNoFamily),
};

/// Where the numbers of system calls are not known here, what is slower does it. By prctl(), which
/// filters of system managers let through: seccomp() is in none of their sets for services.
bool filter_sockets() {
    if (kArchitecture == 0) return ::unshare(CLONE_NEWNET) == 0;
    std::array program = kProgram;
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

}  // namespace

Result<void> leave_network() {
    if (filter_sockets()) return ok();
    // A kernel without filters: nothing can be taken away.
    if (errno == EINVAL || errno == ENOSYS) return ok();
    return Error(Code::internal, "network-leave", "The worker cannot leave the network.")
        .why("A plugin that does not need the network must not have it.")
        .sys(errno);
}

}  // namespace hearth::system
