// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/integration/state_calls.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace hearth::test {
namespace {

#define CALL(name, shows, at) \
    { __NR_##name, #name, Shows::shows, at }

constexpr StateCall kCalls[] = {
#ifdef __NR_rename  // calls without an *at form exist on old architectures only
    CALL(rename, path, 0),
    CALL(mkdir, path, 0),
    CALL(rmdir, path, 0),
    CALL(unlink, path, 0),
    CALL(link, path, 0),
    CALL(symlink, path, 0),
    CALL(chmod, path, 0),
    CALL(chown, path, 0),
    CALL(lchown, path, 0),
    CALL(utimes, path, 0),
#endif
    CALL(renameat2, path, 1),
    CALL(renameat, path, 1),
    CALL(mkdirat, path, 1),
    CALL(mknodat, path, 1),
    CALL(unlinkat, path, 1),
    CALL(linkat, path, 1),
    CALL(symlinkat, path, 0),
    CALL(fchmodat, path, 1),
    CALL(fchownat, path, 1),
    CALL(utimensat, path, 1),
    CALL(fchmod, descriptor, 0),
    CALL(fchown, descriptor, 0),
    CALL(openat, creating, 1),
    CALL(openat2, creating_how, 1),
    CALL(write, descriptor, 0),
    CALL(pwrite64, descriptor, 0),
    CALL(writev, descriptor, 0),
    CALL(copy_file_range, descriptor, 2),
    CALL(sendfile, descriptor, 0),
    CALL(ftruncate, descriptor, 0),
    CALL(fallocate, descriptor, 0),
    CALL(fsync, descriptor, 0),
    CALL(fdatasync, descriptor, 0),
    CALL(syncfs, descriptor, 0),
    CALL(sendmsg, descriptor, 0),
    CALL(sendto, descriptor, 0),
    CALL(setxattr, path, 0),
    CALL(lsetxattr, path, 0),
    CALL(fsetxattr, descriptor, 0),
    CALL(removexattr, path, 0),
    CALL(lremovexattr, path, 0),
    CALL(fremovexattr, descriptor, 0),
    CALL(ioctl, descriptor, 0),  // file systems make subvolumes and take keys this way
    CALL(add_key, path, 1),
    CALL(keyctl, nothing, 0),
    CALL(mount, path, 1),
    CALL(umount2, path, 0),
    CALL(open_tree, path, 1),
    CALL(move_mount, path, 3),
    CALL(mount_setattr, path, 1),
    CALL(fsconfig, nothing, 0),
    CALL(fsmount, nothing, 0),
    CALL(unshare, nothing, 0),
    CALL(setns, nothing, 0),
    CALL(exit_group, nothing, 0),
};
#undef CALL

constexpr uint32_t kLow = offsetof(seccomp_data, args);

constexpr sock_filter statement(unsigned code, uint32_t k) {
    return {static_cast<uint16_t>(code), 0, 0, k};
}

constexpr sock_filter jump(unsigned code, uint32_t k, uint8_t yes, uint8_t no) {
    return {static_cast<uint16_t>(code), yes, no, k};
}

}  // namespace

const StateCall* find_state_call(uint64_t number) {
    const auto* found = std::find_if(
        std::begin(kCalls), std::end(kCalls),
        [number](const StateCall& call) { return static_cast<uint64_t>(call.number) == number; });
    return found == std::end(kCalls) ? nullptr : found;
}

std::vector<sock_filter> state_call_filter() {
    const auto trace = statement(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    const auto allow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    std::vector<sock_filter> filter{
        statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    for (const StateCall& call : kCalls) {
        if (call.shows == Shows::creating) {
            // Opening is frequent and mostly harmless: look at the flags here, not in the tracer.
            filter.push_back(
                jump(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call.number), 0, 4));
            filter.push_back(statement(BPF_LD | BPF_W | BPF_ABS, kLow + 8 * (call.at + 1)));
            filter.push_back(jump(BPF_JMP | BPF_JSET | BPF_K, O_CREAT, 0, 1));
            filter.push_back(trace);
            filter.push_back(allow);
            continue;
        }
        filter.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call.number), 0, 1));
        filter.push_back(trace);
    }
    filter.push_back(allow);
    return filter;
}

}  // namespace hearth::test
