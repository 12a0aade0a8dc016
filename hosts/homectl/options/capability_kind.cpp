// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <string>

#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

// capabilities(7), in the kernel's order.
constexpr std::array<std::string_view, 41> kNames = {
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

std::string upper(std::string_view word) {
    std::string out(word);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

/// Adds the words to the list, or takes them out of it.
bool combine(std::string_view words, bool inverted, Texts& list) {
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        const std::string name = upper(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
        if (name.empty()) continue;
        if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) return false;
        std::erase(list, name);
        if (!inverted) list.push_back(name);
    }
    return true;
}

Result<void> apply(const Option& option, Section section, std::string_view text, Changes& changes) {
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    const bool inverted = text.starts_with('~');
    Texts list = changes.list(section, field);
    if (inverted && changes.find(section, field) == nullptr)
        list.assign(kNames.begin(), kNames.end());
    if (!combine(text.substr(inverted ? 1 : 0), inverted, list)) return bad_value(option, text);
    std::sort(list.begin(), list.end());
    changes.set(section, field, list);
    return ok();
}

}  // namespace

const Kind kCapabilities = {"CAPS",
                            "capabilities separated by spaces, as in \"CAP_NET_RAW CAP_KILL\"; "
                            "with ~ in front, all but these",
                            nullptr, apply};

}  // namespace hearth::homectl
