// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/idmap.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "core/system/kernel_file.hpp"
#include "core/system/namespace_child.hpp"

namespace hearth::system {

namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t count;
};

// Owners that mean the same on every machine and keep their numbers.
constexpr std::array kSame{
    Range{0, 60001},             // root and system users
    Range{60513, 5021},          // up to nobody
    Range{524288, 1878523904},   // users of containers
    Range{0x7FFE0000, 0x10000},  // the foreign range
    Range{0x7FFFFFFE, 1},        // root of a container, as systemd-nspawn maps it
};

std::string line(std::uint32_t stored, std::uint32_t seen, std::uint32_t count) {
    return std::to_string(stored) + " " + std::to_string(seen) + " " + std::to_string(count) + "\n";
}

// A range as lines, without the ids in `cuts`, which is sorted.
std::string lines_without(Range range, const std::array<std::uint32_t, 2>& cuts) {
    std::string lines;
    std::uint32_t from = range.first;
    const std::uint32_t end = range.first + range.count;
    for (const std::uint32_t cut : cuts) {
        if (cut < from || cut >= end) continue;
        if (cut > from) lines += line(from, from, cut - from);
        from = cut + 1;
    }
    if (from < end) lines += line(from, from, end - from);
    return lines;
}

Error unavailable(const char* step, int sys_errno) {
    auto error = Error(Code::not_supported, "idmap-unavailable",
                       "The owners of the home's files cannot be mapped.")
                     .why(std::string("A user namespace for the mapping cannot be made: ") + step +
                          " failed.")
                     .sys(sys_errno);
    if (sys_errno != ENOSPC && sys_errno != EUSERS) return error;
    return std::move(error).hint("Raise the limit in /proc/sys/user/max_user_namespaces.");
}

}  // namespace

std::string home_map_lines(uid_t stored, uid_t exposed) {
    // Neither number of the user's own line may occur in another one.
    std::array<std::uint32_t, 2> cuts{std::min(stored, exposed), std::max(stored, exposed)};
    std::string lines = lines_without(kSame[0], cuts) + line(stored, exposed, 1);
    for (std::size_t i = 1; i < kSame.size(); ++i) lines += lines_without(kSame[i], cuts);
    return lines;
}

Result<UniqueFd> make_home_idmap(uid_t stored, uid_t exposed) {
    const NamespaceChild child(CLONE_NEWUSER);
    if (child.pid() < 0) return unavailable("clone", errno);
    const std::string proc = child.proc();
    if (proc.empty()) return unavailable("finding its process", errno);
    const std::string lines = home_map_lines(stored, exposed);
    // The kernel takes a map in a single write only.
    if (!write_kernel_file(AT_FDCWD, proc + "/uid_map", lines))
        return unavailable("writing uid_map", errno);
    if (!write_kernel_file(AT_FDCWD, proc + "/setgroups", "deny"))
        return unavailable("writing setgroups", errno);
    if (!write_kernel_file(AT_FDCWD, proc + "/gid_map", lines))
        return unavailable("writing gid_map", errno);
    UniqueFd fd(open((proc + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return unavailable("opening it", errno);
    return fd;
}

}  // namespace hearth::system
