// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/capabilities.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace hearth::system {

namespace {

/// The kernel's names in the order of their numbers, from 0 on.
constexpr std::array<std::string_view, CAP_LAST_CAP + 1> kNames = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

/// Of the calling thread, as the kernel takes them.
struct Sets {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> words{};

    bool read() { return ::syscall(SYS_capget, &header, words.data()) == 0; }
    bool write() { return ::syscall(SYS_capset, &header, words.data()) == 0; }
};

std::uint32_t word_of(Capabilities set, std::size_t word) {
    return static_cast<std::uint32_t>(set >> (32 * word));
}

Error cannot_drop() {
    return Error(Code::internal, "capability-drop",
                 "The worker cannot give up what it does not need.")
        .sys(errno);
}

/// The bounding set first: dropping from it takes a capability that the other sets lose next.
Result<void> bound(Capabilities keep) {
    for (unsigned long number = 0; ::prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; ++number) {
        if (number < 64 && (keep >> number & 1U) != 0) continue;
        if (::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) return cannot_drop();
    }
    return ok();
}

}  // namespace

std::span<const std::string_view> capability_names() {
    return kNames;
}

Result<Capabilities> parse_capability(std::string_view name) {
    for (std::size_t number = 0; number < kNames.size(); ++number) {
        if (kNames[number] == name) return Capabilities{1} << number;
    }
    return Error(Code::invalid_argument, "capability-unknown",
                 "There is no capability " + std::string(name) + ".");
}

Result<void> keep_capabilities(Capabilities keep) {
    HEARTH_CHECK(bound(keep));
    if (!limit_capabilities(keep)) return cannot_drop();
    return ok();
}

bool limit_capabilities(Capabilities keep) {
    Sets sets;
    if (!sets.read()) return false;
    for (std::size_t word = 0; word < sets.words.size(); ++word) {
        const auto mask = word_of(keep, word);
        sets.words[word].effective &= mask;
        sets.words[word].permitted &= mask;
        // What is not inheritable is not ambient either.
        sets.words[word].inheritable = 0;
    }
    return sets.write();
}

Capabilities use_capabilities(Capabilities wanted) {
    Sets sets;
    Capabilities before = 0;
    if (!sets.read()) return before;
    for (std::size_t word = 0; word < sets.words.size(); ++word) {
        before |= Capabilities{sets.words[word].effective} << (32 * word);
        sets.words[word].effective = sets.words[word].permitted & word_of(wanted, word);
    }
    // Of what is permitted any part may be used: the kernel does not refuse that.
    (void)sets.write();
    return before;
}

}  // namespace hearth::system
